"""A command that passes arguments on to another program."""

from __future__ import annotations

import click


class PassThroughCommand(click.Command):
    """A command that reads its own options only before the first foreign argument.

    Everything from the first foreign argument on goes to the other program unchanged, also flags
    that Slipway uses for something else.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the own options, and keep the other arguments as they are."""
        at = self.own_length(ctx, args)
        return super().parse_args(ctx, [*args[:at], "--", *args[at:]])

    def own_length(self, ctx: click.Context, args: list[str]) -> int:
        """Return how many arguments belong to this command."""
        options = [one for one in self.get_params(ctx) if isinstance(one, click.Option)]
        own = {name: one for one in options for name in one.opts}
        at = 0
        while at < len(args):
            name, equals, _ = args[at].partition("=")
            if name not in own:
                break
            at += 1 if own[name].is_flag or equals else 2
        return min(at, len(args))
