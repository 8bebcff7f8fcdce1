"""What the help pages of all commands have in common."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any


def shape(command: Any, shared: Sequence[Any]) -> None:
    """Give a command and all below it the shared options, and help without the marks of its source.

    Args:
        command: of Typer, with its parameters.
        shared: options, which the topmost command has already.
    """
    # Typer keeps the line breaks of a docstring from its second paragraph on.
    paragraphs = inspect.cleandoc(command.help or "").split("\n\n")
    command.help = "\n\n".join(" ".join(each.split("\n")) for each in paragraphs)
    for parameter in command.params:
        shape_parameter(parameter)
    make_help_option = command.get_help_option

    def get_help_option(context: Any) -> Any:
        option = make_help_option(context)
        shape_parameter(option)
        return option

    command.get_help_option = get_help_option
    for child in getattr(command, "commands", {}).values():
        child.params.extend(shared)
        shape(child, shared)


def shape_parameter(parameter: Any) -> None:
    """Leave Python's types out of the help: a flag is no <bool>, a topic no <str>, a number no range."""
    parameter._get_number_range_help_str = lambda: None  # the error tells it, and its place is narrow
    if getattr(parameter, "is_flag", False):
        parameter.metavar = ""
    elif parameter.param_type_name == "argument" and not parameter.type_descriptor.is_choice:
        parameter.display_type_rich = lambda ctx: ""
