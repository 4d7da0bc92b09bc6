"""The command line of the demo; `__main__` hands it the composition root."""

from pathlib import Path
from typing import Any

import click

from throughline.demo.borough import DEFAULT_CHILDREN, DEFAULT_SEED, FEWEST, MOST
from throughline.demo.run import REFUSALS, Builder, Wishes, run


def command(build: Builder) -> click.Command:
    """`throughline demo`."""

    @click.command("demo", help="Makes a synthetic borough and serves the portal on it.")
    @click.option(
        "--children",
        type=click.IntRange(FEWEST, MOST),
        default=DEFAULT_CHILDREN,
        show_default=True,
        help="How many children the borough has.",
    )
    @click.option(
        "--seed",
        type=click.IntRange(min=0),
        default=DEFAULT_SEED,
        show_default=True,
        help="The same seed and size make the same borough.",
    )
    @click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="Where the database lives.")
    @click.option("--port", type=click.IntRange(0, 65535), help="Where to listen; 0 finds a free one.")
    @click.option("--fresh", is_flag=True, help="Throw away the borough that is there and make another one.")
    @click.option(
        "--describe",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Write address, viewers with tokens and families as JSON, once the portal answers.",
    )
    def demo(**options: Any) -> None:
        try:
            run(build, Wishes(**options))
        except REFUSALS as refusal:
            raise click.ClickException(str(refusal)) from None

    return demo
