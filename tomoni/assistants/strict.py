"""A tool that answers no question which it does not understand whole; loaded only by who serves assistants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.mcpserver.tools import Tool
from pydantic import ValidationError

if TYPE_CHECKING:
    from mcp.server.mcpserver import Context
    from pydantic_core import ErrorDetails

_MOST_SHOWN = 60  # characters of what was given
_WANTED = {"int": "a whole number such as 28", "string": "a text in quotation marks", "bool": "true or false"}


class StrictTool(Tool):
    """A tool that refuses arguments of other names, without which its answer would be about something else, such as all
    apps instead of one; and that says in words of its own what it takes. An argument that is null was not given."""

    async def run(
        self,
        arguments: dict[str, Any],
        context: Context[Any, Any],
        convert_result: bool = False,
    ) -> Any:  # noqa: ANN401 - as the package declares it
        """Runs the tool. Raises ToolError."""
        given = {name: value for name, value in arguments.items() if value is not None}
        known = list(self.parameters.get("properties", {}))
        unknown = sorted(set(arguments) - set(known))
        if unknown:
            named = ", ".join(repr(name[:40]) for name in unknown[:5])
            raise ToolError(f"{self.name} takes no {named}. Known: {', '.join(known)}.")
        try:
            self.fn_metadata.validate_arguments(given)
        except ValidationError as wrong:
            found = " ".join(_said(each) for each in wrong.errors(include_url=False)[:5])
            raise ToolError(f"{self.name}: {found} It takes {', '.join(known)}.") from None
        return await super().run(given, context, convert_result)


def _said(error: ErrorDetails) -> str:
    """What is wrong with one argument, and what to do."""
    name, kind = ".".join(map(str, error["loc"])), str(error["type"])
    if kind == "missing":
        return f"{name} is missing; name it."
    wanted = next((words for word, words in _WANTED.items() if kind.startswith(word)), "")
    written = repr(error["input"])
    shown = written if len(written) <= _MOST_SHOWN else f"{written[:_MOST_SHOWN]}…"
    return f"{name} is {shown}; write {wanted or 'it as the schema has it'}."
