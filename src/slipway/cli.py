"""The slipway command line."""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from slipway import __version__
from slipway.lab.project import Project, locate

GOOD, BAD, UNFIT, INTERRUPTED = 0, 1, 3, 130

SECTIONS = {
    "Lab": ("up", "status", "open", "down", "rebuild", "kubectl"),
    "Lessons": ("lesson", "report"),
    "Checks": ("doctor", "test", "bench"),
    "Shell": ("env", "completion"),
}


class Commands(click.Group):
    """Commands in sections, in the order in which they are used."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands into the help."""
        for title, names in SECTIONS.items():
            rows = [(name, self.commands[name].get_short_help_str(70)) for name in names]
            with formatter.section(title):
                formatter.write_dl(rows)


class Playbook(click.Command):
    """A command that takes Ansible's flags; a hint follows a flag that is not known."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse, and require ``--`` before flags that are handed on."""
        try:
            rest = super().parse_args(ctx, args)
        except click.NoSuchOption as problem:
            problem.message = (problem.message or "") + (
                f" No such option: {problem.option_name}."
                " Other flags of ansible-playbook go after --."
            )
            raise
        handed = ctx.params.get("handed_on") or ()
        if handed and not str(handed[0]).startswith("-"):
            ctx.fail(f"unexpected argument {handed[0]!r}; flags of ansible-playbook go after --")
        return rest


def ansible_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add Ansible's own flags, under their own names."""
    for decorate in reversed(
        (
            click.option("-i", "--inventory", multiple=True, metavar="PATH",
                         help="Inventory; inventories/lab without it."),
            click.option("-e", "--extra-vars", multiple=True, metavar="VARS",
                         help="Variables: name=value, JSON, or @FILE."),
            click.option("-l", "--limit", metavar="PATTERN", help="Only these hosts."),
            click.option("-t", "--tags", multiple=True, metavar="TAGS",
                         help="Only these phases or tags."),
            click.option("--skip-tags", multiple=True, metavar="TAGS",
                         help="All but these phases or tags."),
            click.option("-C", "--check", is_flag=True, help="Predict changes, make none."),
            click.option("-D", "--diff", is_flag=True, help="Show what changes in files."),
            click.option("--start-at-task", metavar="NAME", help="Begin at this task."),
            click.option("-v", "--verbose", count=True,
                         help="Show Ansible's output instead of progress; -vvv for more."),
            click.option("--json", "as_json", is_flag=True,
                         help="Print the result as one JSON object, progress on standard error."),
            click.argument("handed_on", nargs=-1, type=click.UNPROCESSED, metavar="[-- FLAGS]"),
        )
    ):  # fmt: skip
        function = decorate(function)
    return function


def services_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--with``."""
    return click.option(
        "--with", "services", metavar="SERVICES",
        help="Also these services, separated by commas: registry, metrics_server, monitoring, logging.",
    )(function)  # fmt: skip


def with_services(extra_vars: tuple[str, ...], services: str | None) -> tuple[str, ...]:
    """Return extra variables with what ``--with`` is short for."""
    names = [name.strip() for name in (services or "").split(",") if name.strip()]
    return (*extra_vars, json.dumps({"slipway_services": names})) if names else extra_vars


def project_of(inventory: tuple[str, ...] = (), extra_vars: tuple[str, ...] = ()) -> Project:
    """Locate the project; paths that the user gave count from where the user is."""
    for path in inventory:
        if "," not in path and not Path(path).exists():  # Ansible would go on without hosts
            raise click.UsageError(f"inventory {path} does not exist")
    return locate([_absolute(path) for path in inventory], extra_vars)


def _absolute(path: str) -> str:
    return str(Path(path).resolve()) if Path(path).exists() else path


def ansible_arguments(given: dict[str, Any]) -> list[str]:
    """Return the arguments of ansible-playbook besides inventory and playbook."""
    arguments: list[str] = []
    for value in given["extra_vars"]:
        file = value.startswith("@") and Path(value[1:]).expanduser().exists()
        arguments += ["-e", f"@{Path(value[1:]).expanduser().resolve()}" if file else value]
    for flag, name in (("--limit", "limit"), ("--start-at-task", "start_at_task")):
        if given[name]:
            arguments += [flag, given[name]]
    for flag, name in (("--tags", "tags"), ("--skip-tags", "skip_tags")):
        if given[name]:
            arguments += [flag, ",".join(given[name])]
    arguments += [f"--{name}" for name in ("check", "diff") if given[name]]
    if given["verbose"]:
        arguments.append("-" + "v" * given["verbose"])
    return [*arguments, *given["handed_on"]]


def launcher() -> str:
    """Return how the user calls slipway."""
    return os.environ.get("SLIPWAY_COMMAND", "slipway")


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 done, 1 failed, 2 wrong usage, 3 this machine is not fit or the lab "
    "is busy (nothing was changed), 130 interrupted.",
)
@click.version_option(__version__, "--version", message="slipway %(version)s")
def main() -> None:
    """A container-orchestration lab on this machine: Docker, LXC, a real Minikube cluster."""


def _converge(command: str, playbooks: tuple[str, ...], preflight: bool, given: Any) -> int:
    from slipway.lab.lock import LabBusyError
    from slipway.run.playbook_runner import environment, playbook_command
    from slipway.run.session import Options, Session

    given["extra_vars"] = with_services(given["extra_vars"], given.pop("services", None))
    project = project_of(given["inventory"], given["extra_vars"])
    arguments = ansible_arguments(given)
    if any(word.startswith("--list-") or word == "--syntax-check" for word in arguments):
        os.chdir(project.root)  # these only tell something: Ansible's own output is the answer
        line = playbook_command(project, playbooks[-1], arguments)
        variables = {**os.environ, **environment(project, "")}
        os.execvpe(line[0], line, variables)
    options = Options(
        arguments=arguments,
        as_json=given["as_json"],
        raw=bool(given["verbose"] or given["diff"]),
        check=given["check"] or "-C" in arguments,
        launcher=launcher(),
    )
    session = Session(project, command, options)
    try:
        session.run(playbooks, preflight)
    except LabBusyError as busy:
        click.echo(f"slipway: {busy}; nothing was changed", err=True)
        if options.as_json:
            print(json.dumps({"ok": False, "changed": 0, "error": str(busy)}))
        return UNFIT
    except KeyboardInterrupt:  # outside of playbooks, whose engine stops them itself
        click.echo("slipway: interrupted", err=True)
        return INTERRUPTED
    return session.conclude()


@main.command(cls=Playbook)
@services_option
@ansible_options
def up(**given: Any) -> None:
    """Make the lab, or bring it to its declared state.

    Examines this machine, then runs playbooks/site.yml. What is as declared stays untouched, so it
    may be run again at any time, also after it failed or was interrupted.
    """
    sys.exit(_converge("up", ("site",), True, given))


@main.command(cls=Playbook)
@ansible_options
def down(**given: Any) -> None:
    """Remove the lab; downloads and builds are kept."""
    sys.exit(_converge("down", ("teardown",), False, given))


@main.command(cls=Playbook)
@services_option
@ansible_options
def rebuild(**given: Any) -> None:
    """Remove the lab and make it anew from what is cached."""
    sys.exit(_converge("rebuild", ("teardown", "site"), True, given))


@main.command()
@click.option("-i", "--inventory", multiple=True, metavar="PATH")
@click.option("-e", "--extra-vars", multiple=True, metavar="VARS")
@click.option("-v", "--verbose", is_flag=True, help="Show Ansible's output.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def status(
    inventory: tuple[str, ...], extra_vars: tuple[str, ...], verbose: bool, as_json: bool
) -> None:
    """Tell what the lab is now. Exit code 1 when it is not ready."""
    from slipway.commands.status import inspect_lab

    project = project_of(inventory, extra_vars)
    sys.exit(inspect_lab(project, extra_vars, verbose, as_json, launcher()))


@main.command("open")
@click.option("-i", "--inventory", multiple=True, metavar="PATH")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.argument("page", required=False)
def open_page(inventory: tuple[str, ...], as_json: bool, page: str | None) -> None:
    """List the pages of the lab; with a name, open that one in a browser."""
    from slipway.output.status import read_status

    pages = read_status(project_of(inventory))["pages"]
    if as_json:
        print(json.dumps({"pages": pages}, indent=2))
    elif not pages:
        click.echo(f"slipway: no lab is up; run: {launcher()} up", err=True)
    elif page is None:
        width = max(len(one["name"]) for one in pages)
        for one in pages:
            click.echo(f"{one['name']:{width}}   {one['url']}")
    else:
        chosen = [one for one in pages if one["name"].lower().startswith(page.lower())]
        if len(chosen) != 1:
            names = ", ".join(one["name"] for one in chosen or pages)
            raise click.UsageError(
                f"{page!r} names {'several pages' if chosen else 'no page'}: {names}"
            )
        click.echo(chosen[0]["url"])
        click.launch(chosen[0]["url"])
    sys.exit(GOOD if pages else BAD)


@main.command()
@click.option("-i", "--inventory", multiple=True, metavar="PATH")
@services_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def doctor(inventory: tuple[str, ...], services: str | None, as_json: bool) -> None:
    """Examine whether this machine can carry a lab. Changes nothing."""
    from slipway.doctor import examine, has_errors
    from slipway.doctor.machine import Machine
    from slipway.output.status import findings_summary, show_findings
    from slipway.output.views import result_console

    arguments = tuple(word for one in with_services((), services) for word in ("-e", one))
    findings = examine(Machine(project_of(inventory), arguments=arguments))
    fit = not has_errors(findings)
    if as_json:
        print(json.dumps({"ok": fit, "findings": [one.as_dict() for one in findings]}, indent=2))
    else:
        console = result_console()
        show_findings(console, findings)
        words = "a lab can be made here" if fit else "no lab can be made here yet"
        console.print(f"\n {findings_summary(findings)}: {words}")
    sys.exit(GOOD if fit else UNFIT)


@main.command()
@click.argument("names", nargs=-1, required=True, metavar="list|NAME...|all")
@click.option("-i", "--inventory", multiple=True, metavar="PATH")
@click.option("-e", "--extra-vars", multiple=True, metavar="VARS")
@click.option("--check-only", is_flag=True, help="Only look at what --keep, or your hands, left.")
@click.option("--keep", is_flag=True, help="Leave everything as it is at the end.")
@click.option(
    "--explain", is_flag=True, help="Stop before each step and show the commands that do the same."
)
@click.option(
    "--break",
    "broken",
    metavar="WHAT",
    default="",
    help="Break something on purpose, and see the lesson fail.",
)
@click.option("--lang", type=click.Choice(["en", "ko"]), default="en", help="Language of texts.")
@click.option("-v", "--verbose", count=True, help="Show Ansible's output instead of progress.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as one JSON object.")
def lesson(**given: Any) -> None:
    """Run lessons on the lab: each acts, checks its claims, measures, cleans up.

    list shows them. A lesson that fails names the claim that did not hold, and what was seen.
    """
    from slipway.commands.lesson import run_lessons

    if given["explain"] and given["as_json"]:
        raise click.UsageError("--explain is for people, --json for programs")
    project = project_of(given["inventory"], given["extra_vars"])
    try:
        sys.exit(run_lessons(project, launcher(), **given))
    except KeyError as unknown:
        raise click.UsageError(str(unknown.args[0])) from None


@main.command()
@click.option("-i", "--inventory", multiple=True, metavar="PATH")
@click.option("-e", "--extra-vars", multiple=True, metavar="VARS")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False),
    default="slipway-report.html",
    show_default=True,
    help="The page; .json and .xml (JUnit) are written beside it.",
)
@click.option(
    "--lang",
    type=click.Choice(["en", "ko"]),
    default="en",
    help="Language that the page shows at first.",
)
def report(inventory: tuple[str, ...], extra_vars: tuple[str, ...], output: str, lang: str) -> None:
    """Write one page of what the lessons proved on this lab. Exit code 1 when a claim does not hold."""
    from slipway.commands.report import write_report

    results = write_report(project_of(inventory, extra_vars), Path(output), lang)
    if not results:
        click.echo(f"slipway: no lesson was run yet; run: {launcher()} lesson all", err=True)
        sys.exit(BAD)
    held = sum(bool(claim["passed"]) for one in results for claim in one["claims"])
    print(f"{output}: {held} of {sum(len(one['claims']) for one in results)} claims hold")
    sys.exit(GOOD if all(one["passed"] for one in results) else BAD)


@main.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def kubectl(arguments: tuple[str, ...]) -> None:
    """Run the lab's kubectl on the lab: kubectl get pods -A."""
    project = project_of()
    if not project.kubectl.exists() or not project.kubeconfig.exists():
        click.echo(f"slipway: no lab is up; run: {launcher()} up", err=True)
        sys.exit(BAD)
    tool = str(project.kubectl)
    os.execv(tool, [tool, "--kubeconfig", str(project.kubeconfig), *arguments])


@main.command()
def env() -> None:
    """Print shell lines for ansible-playbook and kubectl: eval "$(./slipway env)"."""
    project = project_of()
    paths = [str(Path(sys.executable).parent), str(project.kubectl.parent)]
    print(f'export PATH={":".join(map(shlex.quote, paths))}:"$PATH"')
    print(f"export KUBECONFIG={shlex.quote(str(project.kubeconfig))}")
    print(f"export ANSIBLE_CONFIG={shlex.quote(str(project.root / 'ansible.cfg'))}")


@main.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print completion for a shell: eval "$(./slipway completion bash)"."""
    from slipway.commands.completion import source

    print(source(shell, main, str(project_of().root / "slipway")))


@main.command()
@click.option("--fast", "level", flag_value="fast", help="Unit and contract tests, under a minute.")
@click.option(
    "--full", "level", flag_value="full", help="Also what takes long: cold builds, faults."
)
@click.option(
    "--fresh",
    "level",
    flag_value="fresh",
    help="The README's commands with an empty cache, about an hour.",
)
@click.option("--layer", "layers", multiple=True, metavar="NAME", help="Only this layer.")
@click.option("--junit", type=click.Path(file_okay=False), default="test-results",
              show_default=True, help="Directory for JUnit XML.")  # fmt: skip
@click.option("-v", "--verbose", is_flag=True, help="Show all that the tests print.")
@click.argument("pytest_arguments", nargs=-1, type=click.UNPROCESSED, metavar="[-- FLAGS]")
def test(
    level: str | None,
    layers: tuple[str, ...],
    junit: str,
    verbose: bool,
    pytest_arguments: tuple[str, ...],
) -> None:
    """Run the tests; flags of pytest go after --."""
    from slipway.commands.test import run_layers

    project, chosen = project_of(), level or "default"
    try:
        code = run_layers(
            project.root, project.cache, chosen, layers, Path(junit), verbose, pytest_arguments
        )
    except KeyError as unknown:
        raise click.UsageError(str(unknown.args[0])) from None
    sys.exit(code)


@main.group()
def bench() -> None:
    """Measure Slipway beside its peers, on the lab that is up."""


@bench.command()
@click.option("--quick", is_flag=True, help="Fewer objects, nodes and rounds.")
@click.option("--only", type=click.Choice(["apply", "scale", "failure", "simulated"]),
              multiple=True, help="Only this part.")  # fmt: skip
@click.option("--plot", type=click.Path(dir_okay=False, path_type=Path), metavar="PATH",
              help="Draw the plot here instead of in the lab's state.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the result as one JSON object.")
@click.option("--strict", is_flag=True, help="Exit with 1 when a goal is missed.")
def workloads(
    quick: bool, only: tuple[str, ...], plot: Path | None, as_json: bool, strict: bool
) -> None:
    """Compare the workload modules with kubernetes.core and kubectl.

    Same cluster, same objects, same run. The result is kept in the lab's state, as JSON and as a
    plot. A goal that is missed is marked in the table; with --strict it is a failure.
    """
    from slipway.commands.bench import compare_workloads

    sys.exit(compare_workloads(project_of(), quick, only, plot, as_json, strict, launcher()))


@bench.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def lab(arguments: tuple[str, ...]) -> None:
    """Measure how long a lab takes; makes the lab anew unless --skip-rebuild is given."""
    from slipway.commands.bench import start

    start(project_of(), "lab", *arguments)
