"""A tool that answers no question which it does not understand whole; loaded only by who serves assistants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.mcpserver.tools import Tool

if TYPE_CHECKING:
    from mcp.server.mcpserver import Context


class StrictTool(Tool):
    """A tool that refuses arguments of other names: without them its answer would be about something else, such as all
    apps instead of one."""

    async def run(
        self,
        arguments: dict[str, Any],
        context: Context[Any, Any],
        convert_result: bool = False,
    ) -> Any:  # noqa: ANN401 - as the package declares it
        """Runs the tool. Raises ToolError."""
        known = list(self.parameters.get("properties", {}))
        unknown = sorted(set(arguments) - set(known))
        if unknown:
            named = ", ".join(repr(name[:40]) for name in unknown[:5])
            raise ToolError(f"{self.name} takes no {named}. Known: {', '.join(known)}.")
        return await super().run(arguments, context, convert_result)
