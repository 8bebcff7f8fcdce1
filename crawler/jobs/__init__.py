"""Scheduled jobs: crawls that run by themselves, never twice at a time, and write what a person reads."""
