"""Tables are fetched whole or not at all: over cut connections, against checksums, from a server on this machine."""

import hashlib
import http.server
import io
import json
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

import pytest
from typer.testing import CliRunner

from serai.world.command import app
from serai.world.readers import READERS, download, read
from serai.world.readers.download import Archive, NotDownloaded, Publisher, get, publishers
from serai.world.readers.product_files import PRODUCT_FILES

CONTENT = {year: f"table of {year}\n".encode() * 20_000 for year in (2000, 2001, 2002)}


def packed(names: dict[str, bytes]) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:  # stored, so that a file is as large as what is in it
        for name, content in names.items():
            archive.writestr(name, content)
    return memory.getvalue()


ZIP = packed({f"inside/{year}_SML.csv": content for year, content in CONTENT.items()})


@dataclass
class Server:
    """What the server answers: `cuts` are the bytes after which it hangs up, one a request."""

    content: bytes = ZIP
    etag: str = '"first"'
    status: int = 200
    cuts: list[int] = field(default_factory=list)
    ranges: list[str | None] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    state = Server()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            wanted = self.headers.get("Range")
            state.ranges.append(wanted)
            if state.status != 200:
                self.send_error(state.status)
                return
            start = int(wanted[len("bytes=") :].rstrip("-")) if wanted else 0
            if start and self.headers["If-Range"] != state.etag:
                start = 0
            if start >= len(state.content):
                self.send_response(416)
                self.send_header("Content-Range", f"bytes */{len(state.content)}")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            body = state.content[start:]
            self.send_response(206 if start else 200)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("ETag", state.etag)
            self.end_headers()
            self.wfile.write(body[: state.cuts.pop(0)] if state.cuts else body)

        def log_message(self, *_: object) -> None:
            pass

    listening = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=listening.serve_forever, args=(0.01,), daemon=True).start()
    state.url = f"http://127.0.0.1:{listening.server_port}/2000-2002_SML.zip"
    monkeypatch.setattr(download, "WAIT", 0.0)
    yield state
    listening.shutdown()
    listening.server_close()


def sources(server: Server, checksum: str = "") -> dict[str, Publisher]:
    archive = Archive(server.url, (2000, 2002), ("{year}_SML.csv",), checksum)
    return {"oecd2023": Publisher("https://example.org/page", "oecd2023/{year}_SML.csv", archives=(archive,))}


def left_over(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


WHOLE = ["2000_SML.csv", "2001_SML.csv", "2002_SML.csv", "checksums.json"]


def test_a_zip_is_fetched_and_unpacked_where_its_reader_looks(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("SERAI_DATA", raising=False)
    told: list[tuple[str, float]] = []
    paths = get("oecd2023/2001", sources=sources(server), progress=lambda what, share: told.append((what, share)))
    assert READERS["oecd2023"].find(2001) in paths
    assert {path.name: path.read_bytes() for path in paths} == {f"{year}_SML.csv": CONTENT[year] for year in CONTENT}
    assert left_over(tmp_path) == WHOLE
    assert told[-1] == ("2000-2002_SML.zip", 1.0)
    assert all(0 <= before[1] <= after[1] <= 1 for before, after in pairwise(told))


def test_what_is_there_is_not_fetched_again_but_checked(server: Server, tmp_path: Path) -> None:
    get("oecd2023/2000", folder=tmp_path, sources=sources(server))
    (path,) = get("oecd2023/2002", folder=tmp_path, sources=sources(server))
    assert len(server.ranges) == 1
    path.write_bytes(b"changed")
    with pytest.raises(NotDownloaded, match=r"2002_SML\.csv is no longer what was downloaded; delete it"):
        get("oecd2023/2002", folder=tmp_path, sources=sources(server))
    get("oecd2023/2002", folder=tmp_path, sources=sources(server), again=True)
    assert path.read_bytes() == CONTENT[2002]


def test_a_cut_connection_is_taken_up_where_it_was_cut(server: Server, tmp_path: Path) -> None:
    server.cuts = [100_000, 50_000]
    get("oecd2023/2000", folder=tmp_path, sources=sources(server))
    assert server.ranges == [None, "bytes=100000-", "bytes=150000-"]
    assert left_over(tmp_path) == WHOLE


def test_a_later_call_goes_on_where_an_earlier_one_gave_up(server: Server, tmp_path: Path) -> None:
    server.cuts = [10_000] * download.ATTEMPTS
    with pytest.raises(NotDownloaded, match=r"could not be fetched \(the connection was cut\)\. Open https://example"):
        get("oecd2023/2000", folder=tmp_path, sources=sources(server))
    assert left_over(tmp_path) == ["2000-2002_SML.zip.part", "2000-2002_SML.zip.part.validator"]
    get("oecd2023/2000", folder=tmp_path, sources=sources(server))
    assert server.ranges[-1] == f"bytes={10_000 * download.ATTEMPTS}-"
    assert left_over(tmp_path) == WHOLE


def test_a_file_that_changed_in_between_is_fetched_from_its_beginning(server: Server, tmp_path: Path) -> None:
    server.cuts = [10_000] * download.ATTEMPTS
    with pytest.raises(NotDownloaded):
        get("oecd2023/2000", folder=tmp_path, sources=sources(server))
    server.content, server.etag = packed({f"{year}_SML.csv": b"new" * year for year in CONTENT}), '"second"'
    paths = get("oecd2023/2000", folder=tmp_path, sources=sources(server))
    assert paths[0].read_bytes() == b"new" * 2000


def test_a_file_that_was_whole_already_is_not_fetched_again(server: Server, tmp_path: Path) -> None:
    part = tmp_path / "oecd2023" / "2000-2002_SML.zip.part"
    part.parent.mkdir()
    part.write_bytes(ZIP)
    part.with_name(part.name + ".validator").write_text(server.etag)
    get("oecd2023/2000", folder=tmp_path, sources=sources(server))
    assert server.ranges == [f"bytes={len(ZIP)}-"]
    assert left_over(tmp_path) == WHOLE


@pytest.mark.parametrize("algorithm", ["sha256", "sha1"])
def test_another_file_than_the_known_one_is_refused_and_nothing_is_left(
    server: Server, tmp_path: Path, algorithm: str
) -> None:
    right = f"{algorithm}:{hashlib.new(algorithm, ZIP).hexdigest()}"
    get("oecd2023/2000", folder=tmp_path / "right", sources=sources(server, right))
    server.content = ZIP[:-1] + b"x"
    with pytest.raises(NotDownloaded, match=f"not the one known for it, {right}; it was not unpacked"):
        get("oecd2023/2000", folder=tmp_path / "wrong", sources=sources(server, right))
    assert left_over(tmp_path / "wrong") == []


def test_another_file_than_the_first_is_refused_unless_it_is_wanted(server: Server, tmp_path: Path) -> None:
    get("oecd2023/2000", folder=tmp_path, sources=sources(server))
    for path in tmp_path.rglob("*.csv"):
        path.unlink()
    server.content = packed({f"{year}_SML.csv": b"another edition" for year in CONTENT})
    with pytest.raises(NotDownloaded, match=r"of the first download, written down in .*checksums\.json"):
        get("oecd2023/2000", folder=tmp_path, sources=sources(server))
    assert left_over(tmp_path) == ["checksums.json"]
    paths = get("oecd2023/2000", folder=tmp_path, sources=sources(server), again=True)
    assert paths[0].read_bytes() == b"another edition"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"<html>sign in</html>", "gave no zip file that can be unpacked"),
        (packed({"2000_SML.csv": b"", "notes.txt": b""}), r"holds no 2001_SML\.csv; it holds 2000_SML\.csv, notes"),
    ],
)
def test_a_zip_without_the_tables_leaves_nothing(server: Server, tmp_path: Path, content: bytes, message: str) -> None:
    server.content = content
    with pytest.raises(NotDownloaded, match=message):
        get("oecd2023/2000", folder=tmp_path, sources=sources(server))
    assert left_over(tmp_path) == []
    server.content = ZIP
    assert len(get("oecd2023/2000", folder=tmp_path, sources=sources(server))) == 3


def test_what_may_lack_is_unpacked_where_it_is_there(server: Server, tmp_path: Path) -> None:
    archive = Archive(server.url, (2000, 2002), ("{year}_SML.csv",), optional=("more/{year}.txt",))
    more = {"oecd2023": Publisher("https://example.org", "oecd2023/{year}_SML.csv", archives=(archive,))}
    server.content = packed({f"{year}_SML.csv": b"x" for year in CONTENT} | {"inside/more/2001.txt": b"y"})
    get("oecd2023/2000", folder=tmp_path, sources=more)
    assert left_over(tmp_path) == sorted([*WHOLE, "2001.txt"])
    assert (tmp_path / "oecd2023" / "more" / "2001.txt").read_bytes() == b"y"


def test_a_zip_put_there_by_hand_is_checked_and_unpacked_and_stays(server: Server, tmp_path: Path) -> None:
    put = tmp_path / "oecd2023" / "2000-2002_SML.zip"
    put.parent.mkdir()
    put.write_bytes(ZIP[:-1] + b"x")
    right = f"sha256:{hashlib.sha256(ZIP).hexdigest()}"
    with pytest.raises(NotDownloaded, match="it was not unpacked"):
        get("oecd2023/2000", folder=tmp_path, sources=sources(server, right))
    put.write_bytes(ZIP)
    paths = get("oecd2023/2000", folder=tmp_path, sources=sources(server, right))
    assert paths[0].read_bytes() == CONTENT[2000]
    assert put.read_bytes() == ZIP
    assert server.ranges == []


def test_a_refusing_server_and_no_net_say_what_to_do_by_hand(server: Server, tmp_path: Path) -> None:
    by_hand = (
        "Open https://example.org/page in a browser, save 2000-2002_SML.zip as "
        f"{tmp_path}/oecd2023/2000-2002_SML.zip and run this again, or unpack it so that "
        f"{tmp_path}/oecd2023/2000_SML.csv is there."
    )
    server.status = 404
    with pytest.raises(NotDownloaded) as refused:
        get("oecd2023/2000", folder=tmp_path, sources=sources(server))
    assert str(refused.value) == f"{server.url} could not be fetched (the server says 404 Not Found). {by_hand}"
    assert len(server.ranges) == 1
    server.status = 503
    with pytest.raises(NotDownloaded, match="the server says 503"):
        get("oecd2023/2000", folder=tmp_path, sources=sources(server))
    assert len(server.ranges) == 1 + download.ATTEMPTS
    offline = replace(server, url="http://no-such-host.invalid/2000-2002_SML.zip")
    with pytest.raises(NotDownloaded) as away:
        get("oecd2023/2000", folder=tmp_path, sources=sources(offline))
    assert str(away.value).endswith(by_hand)
    odd = replace(server, url="file:///etc/2000-2002_SML.zip")
    with pytest.raises(NotDownloaded, match="only http and https are fetched"):
        get("oecd2023/2000", folder=tmp_path, sources=sources(odd))


def test_unknown_names_and_tables_without_a_publisher_are_answered_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="no reader called 'atlantis'"):
        get("atlantis", folder=tmp_path)
    with pytest.raises(KeyError, match="'oecd2023' has no year '1850'"):
        get("oecd2023/1850", folder=tmp_path)
    with pytest.raises(NotDownloaded, match="'leather' comes with Serai"):
        get("leather", folder=tmp_path)
    with pytest.raises(NotDownloaded, match="No publisher is known of 'serai'"):
        get("serai", folder=tmp_path)


def test_what_no_program_may_fetch_is_described_and_taken_where_it_was_put(tmp_path: Path) -> None:
    with pytest.raises(
        NotDownloaded, match=r"Open https://worldmrio\.com/eora26 in a browser, sign in, .*Eora26_2015_bp_T\.txt is "
    ):
        get("eora26/2015", folder=tmp_path)
    put = tmp_path / "eora26" / "Eora26_2015_bp_T.txt"
    put.parent.mkdir()
    put.write_text("flows")
    assert get("eora26/2015", folder=tmp_path) == [put]


def test_every_reader_of_publishers_files_has_a_page_and_a_place_in_which_it_looks() -> None:
    for key, declared in (*READERS.items(), *PRODUCT_FILES.items()):
        if declared.packaged or not declared.years:
            continue
        publisher = publishers()[key]
        assert publisher.page.startswith("https://")
        assert publisher.advice or publisher.archives
        for archive in publisher.archives:
            assert archive.url.startswith("https://")
            first, last = archive.years
            for year in range(first, last + 1):
                assert year in declared.years
                put = download._named(publisher.put, year)
                assert any(Path(put).match(pattern) for pattern in declared.files(year))
        if publisher.archives:
            covered = {year for each in publisher.archives for year in range(each.years[0], each.years[1] + 1)}
            assert covered == set(declared.years)
    assert {key for key in publishers() if key not in READERS} == set(PRODUCT_FILES)


def test_the_command_fetches_and_says_where_the_files_are(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "publishers", lambda: sources(server))
    run = CliRunner().invoke(app, ["get", "oecd2023/2002", "--into", str(tmp_path), "--json"], catch_exceptions=False)
    assert json.loads(run.stdout) == [str(tmp_path / "oecd2023" / f"{year}_SML.csv") for year in CONTENT]
    again = CliRunner().invoke(app, ["get", "oecd2023/2002", "--into", str(tmp_path)], catch_exceptions=False)
    assert again.stdout == f"{tmp_path / 'oecd2023' / '2002_SML.csv'}\n"
    unknown = CliRunner().invoke(app, ["get", "atlantis"])
    assert unknown.exit_code == 2
    assert "no reader called 'atlantis'" in unknown.output


def test_a_table_that_is_not_here_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("SERAI_DATA", raising=False)
    with pytest.raises(FileNotFoundError, match="see what 'serai world get oecd2025/2022' says"):
        read("oecd2025/2022")


def test_the_command_fetches_nothing_that_is_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERAI_DATA", str(tmp_path))
    monkeypatch.setattr(download, "get", None)
    put = tmp_path / "eora26" / "Eora26_2015_bp_T.txt"
    put.parent.mkdir()
    put.write_text("flows")
    here = CliRunner().invoke(app, ["get", "eora26/2015"], catch_exceptions=False)
    assert (here.exit_code, here.stdout) == (0, f"{put}\n")
    packaged = CliRunner().invoke(app, ["get", "leather"], catch_exceptions=False)
    assert packaged.exit_code == 0
    assert "'leather' comes with Serai" in packaged.stderr
