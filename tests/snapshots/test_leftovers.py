"""What a killed process left behind is gone after the next start; what a living one uses stays."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tomoni.snapshots import leftovers
from tomoni.snapshots.errors import SnapshotError
from tomoni.snapshots.files import make_folder, temporary_folder, write_bytes

HOLD_A_FILE = """
import sys, time
from pathlib import Path
from tomoni.snapshots.files import write_whole
def fill(aside):
    aside.write_bytes(b"half")
    print("ready", flush=True)
    time.sleep(600)
write_whole(Path(sys.argv[1]) / "report.pdf", fill)
"""
HOLD_A_FOLDER = """
import os, subprocess, time
from tomoni.snapshots.leftovers import record_process, temporary_folder
with temporary_folder("chromium") as folder:
    (folder / "page.html").write_text("half")
    worker = subprocess.Popen(["sleep", "600"], env={"TMPDIR": str(folder)}, start_new_session=True)
    record_process(folder, worker.pid)
    print(worker.pid, flush=True)
    time.sleep(600)
"""


def started(code: str, *arguments: str) -> tuple[subprocess.Popen[str], str]:
    """A process that runs a piece of code, and the first line that it wrote."""
    process = subprocess.Popen([sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def kill(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def ended(pid: int, seconds: int = 60) -> bool:
    """Whether a process ends within so many seconds."""
    for _ in range(20 * seconds):
        try:
            if Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z":
                return True
        except OSError:
            return True
        time.sleep(0.05)
    return False


@pytest.fixture
def temporary(tmp_path, monkeypatch) -> Iterator[Path]:
    """A folder for temporary files of its own."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    yield folder
    monkeypatch.setattr(tempfile, "tempdir", None)


def test_a_half_written_file_of_a_killed_process_is_removed_by_the_next(tmp_path):
    process, _ = started(HOLD_A_FILE, str(tmp_path))
    make_folder(tmp_path)
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [b"half"], "it is still being written"
    kill(process)
    assert len(os.listdir(tmp_path)) == 1
    make_folder(tmp_path)
    assert os.listdir(tmp_path) == []


def test_files_of_others_stay(tmp_path):
    names = {"report.pdf", "report.pdf.part", ".report.pdf.part", ".hidden", "x.tomoni.part"}
    for name in names:
        (tmp_path / name).write_text("")
    (tmp_path / ".linked.tomoni.part").symlink_to(tmp_path / "report.pdf")
    make_folder(tmp_path)
    assert set(os.listdir(tmp_path)) == names | {".linked.tomoni.part"}


def test_a_temporary_folder_of_a_killed_process_is_removed_with_what_it_started(temporary):
    process, pid = started(HOLD_A_FOLDER)
    leftovers.remove_left_folders()
    (folder,) = temporary.iterdir()
    assert (folder / "page.html").exists(), "it is still in use"
    assert not ended(int(pid), 2)
    kill(process)
    with temporary_folder("file") as mine:
        assert list(temporary.iterdir()) == [mine]
    assert ended(int(pid))


def test_a_process_that_got_the_number_of_another_is_not_ended(temporary):
    left = temporary / "tomoni-temp-chromium-left"
    left.mkdir()
    with subprocess.Popen(["sleep", "600"], start_new_session=True) as other:
        (left / "pids").write_text(f"{other.pid}\n0\n1\n-1\nx\n99999999999\n")
        leftovers.remove_left_folders()
        assert not left.exists()
        assert other.poll() is None
        os.kill(other.pid, signal.SIGKILL)


def test_a_link_in_the_place_of_a_temporary_folder_leads_to_nothing_and_a_pipe_holds_nobody(temporary, tmp_path):
    kept = tmp_path / "kept"
    kept.mkdir()
    os.mkfifo(temporary / "tomoni-temp-chromium-pipe")
    (temporary / "tomoni-temp-chromium-link").symlink_to(kept, target_is_directory=True)
    leftovers.remove_left_folders()
    assert kept.is_dir()


def test_a_place_that_is_swept_before_it_is_locked_is_made_again(tmp_path, monkeypatch):
    real = os.open
    swept: list[object] = []

    def sweeping_first(path, flags, *more):
        if not swept and str(path).endswith(".tomoni.part") and not flags & os.O_CREAT:
            swept.append(path)
            Path(path).unlink()
        return real(path, flags, *more)

    monkeypatch.setattr(os, "open", sweeping_first)
    write_bytes(tmp_path / "a", b"x")
    assert swept
    assert (tmp_path / "a").read_bytes() == b"x"


def test_no_place_for_temporary_files_is_named(monkeypatch):
    def none() -> str:
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr(tempfile, "gettempdir", none)
    monkeypatch.setenv("TMPDIR", "/nowhere")
    with pytest.raises(SnapshotError) as caught, temporary_folder("chromium"):
        pass
    assert caught.value.code == "temporary_full"
    assert caught.value.facts["folder"] == "/nowhere"
