"""Load, build, list and remove the images of the cluster's nodes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from slipway.commands.converge import run_with
from slipway.commands.existing import existing_lab
from slipway.commands.options import json_option, lab_options, quiet_option
from slipway.commands.playbook_options import run_options
from slipway.errors import SlipwayError, UsageError
from slipway.lab.choice import LabChoice


@click.group()
def image() -> None:
    """Load, build, list and remove images of the cluster, without a registry."""


@image.command(epilog="""\b
Examples:
  ./slipway image load shop/web:v1
  ./slipway image load shop.tar other/app:v2""")  # fmt: skip
@lab_options
@run_options
@click.argument("sources", nargs=-1, required=True, metavar="NAME|FILE...")
def load(choice: LabChoice, given: dict[str, Any], sources: tuple[str, ...]) -> None:
    """Load images into all nodes, from this machine's Docker Engine or from archives.

    FILE is an archive of `docker save`, or of an OCI layout whose images have full names, also
    compressed. A node that has an image already is left as it is.
    """
    files = [str(Path(one).resolve()) for one in sources if Path(one).is_file()]
    names = [one for one in sources if not Path(one).is_file()]
    for name in names:
        if name.startswith((".", "/")) or name.endswith((".tar", ".tgz", ".gz")):
            raise UsageError(f"{name} is not a file")
    run(choice, given, images_archives=files, images_saved=names)


@image.command(epilog="""\b
Examples:
  ./slipway image build . --tag shop/web:dev
  ./slipway image build ./shop -t shop/web:dev -f Containerfile.dev --build-arg VERSION=2""")  # fmt: skip
@lab_options
@run_options
@click.option("-t", "--tag", required=True, metavar="NAME:TAG", help="Name of the image.")
@click.option("-f", "--file", "containerfile", metavar="FILE",
              help="The Containerfile, relative to DIRECTORY. [default: Containerfile or Dockerfile]")  # fmt: skip
@click.option("--build-arg", "arguments", multiple=True, metavar="NAME=VALUE",
              help="An argument of the build, which must not be a secret.")  # fmt: skip
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
def build(
    choice: LabChoice, given: dict[str, Any], tag: str, containerfile: str | None,
    arguments: tuple[str, ...], directory: Path,
) -> None:  # fmt: skip
    """Build an image with this machine's Docker Engine, and load it into all nodes.

    Nothing is built if the directory, the arguments and the base images are unchanged.
    """
    wanted = {"images_context": str(directory.resolve()), "images_tag": tag}
    wanted |= {"images_containerfile": containerfile} if containerfile else {}
    if wrong := [one for one in arguments if "=" not in one]:
        raise UsageError(f"--build-arg {wrong[0]}: write NAME=VALUE")
    build_args = dict(one.split("=", 1) for one in arguments)
    run(choice, given, **wanted, images_build_args=build_args)


@image.command("rm", epilog="""\b
Examples:
  ./slipway image rm shop/web:v1""")  # fmt: skip
@lab_options
@run_options
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
def remove(choice: LabChoice, given: dict[str, Any], names: tuple[str, ...]) -> None:
    """Remove images from all nodes. Nothing is removed if a pod uses one of them."""
    run(choice, given, images_absent=list(names))


@image.command("list", epilog="""\b
Examples:
  ./slipway image list
  ./slipway image list --json""")  # fmt: skip
@lab_options
@quiet_option
@json_option
def list_images(choice: LabChoice, quiet: bool, as_json: bool) -> None:
    """List the images of the nodes, with their sizes."""
    from slipway.output.images import show_images
    from slipway.run.reading import run_quietly

    choice = existing_lab(choice, quiet)
    project = choice.project()
    result = project.state / "images.json"
    result.unlink(missing_ok=True)
    trouble = run_quietly(project, "images", choice.resolved().extra_vars, False, as_json)
    if trouble or not result.exists():
        raise SlipwayError(
            trouble or "playbooks/images.yml wrote no result", choice.lines.of("status")
        )
    images = json.loads(result.read_text(encoding="utf-8"))["images"]
    if as_json:
        print(json.dumps({"images": images}, indent=2))
    else:
        show_images(images)


def run(choice: LabChoice, given: dict[str, Any], **variables: Any) -> None:
    """Run playbooks/images.yml with variables on an existing lab, and exit."""
    run_with("images", existing_lab(choice, given["quiet"]), given, "image", **variables)
