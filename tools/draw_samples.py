"""Draw the sample pictures of the README: a timeline of the two seed articles, a map and a network of the invented news of docs/example.

python tools/draw_samples.py
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import example_database

from dateline import Extractor
from dateline.sources import read
from flows.export_rows import Selection
from flows.pictures import save_picture
from flows.pictures_map import place_map
from flows.pictures_network import network
from flows.pictures_timeline import timeline
from models.engine import open_engine
from models.inputs import Resolving
from models.load import open_load
from models.migrate import upgrade

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"


def main() -> None:
    """Draw all three."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        seeds, invented = f"sqlite:///{folder}/seeds.db", f"sqlite:///{folder}/invented.db"
        load_seeds(seeds)
        example_database.main(invented)
        save_picture(timeline(open_engine(seeds), Selection(), title="What two articles report"), str(PICTURES / "timeline.png"))
        engine = open_engine(invented)
        save_picture(place_map(engine, Selection(), title="Where it happened: invented news of 2024"), str(PICTURES / "map.png"))
        save_picture(network(engine, Selection(), title="Who with whom: invented news of 2024"), str(PICTURES / "network.png"))


def load_seeds(url: str) -> None:
    """Extract and load the two seed articles."""
    upgrade(url)
    articles = list(read([str(ROOT / "seeds")]))
    pairs = [example_database.stored(*pair) for pair in zip(articles, Extractor().extract(articles), strict=True)]
    resolving = Resolving(example_database.blocking_keys, example_database.neighbourhood, example_database.resolve)
    with open_load(open_engine(url), versions=example_database.VERSIONS, resolving=resolving, event_types=example_database.TYPES) as load:
        load.add(*zip(*pairs, strict=True))


if __name__ == "__main__":
    main()
