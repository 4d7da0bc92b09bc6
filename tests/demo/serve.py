"""The demo as a process of its own: serve.py DATA PORT FILE"""

import sys
from pathlib import Path

import click

from throughline.app import build
from throughline.demo.command import command


def main(data: str, port: str, file: str) -> None:
    options = ["--data", data, "--port", port, "--children", "200", "--describe", file]
    command(build).main(options, prog_name="demo")


if __name__ == "__main__":
    click.echo(f"starting in {Path(sys.argv[1]).name}")
    main(*sys.argv[1:])
