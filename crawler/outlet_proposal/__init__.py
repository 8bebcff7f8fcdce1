"""Proposing the rules of a new outlet, by what its pages agree on."""
