"""``formdrift forget``."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("videos", nargs=-1, metavar="VIDEO...", type=click.Path(path_type=Path))
@click.option("--all", "everything", is_flag=True, help="Of every video, also of those that are gone.")
def forget(videos: tuple[Path, ...], everything: bool) -> None:
    """Erase what was kept of how people moved in videos; the videos themselves stay."""
    from ...assess import InputError, TrackStore
    from ...assess import forget as erase

    if everything == bool(videos):
        raise InputError("Say which videos to forget, or --all.")
    store = TrackStore()
    count = store.forget() if everything else sum(erase(video, store) for video in videos)
    click.echo(f"{count} {'file' if count == 1 else 'files'} of tracks erased in {store.folder}.")
