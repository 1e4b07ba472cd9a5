"""The tests' side of a mail server of their own: start it, kill it, tell it how to answer, read what it accepted."""

import json
import signal
import socket
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from tests.krm.running import ROOT, free_port, wait_until
from tests.mail_server import HOST, Behaviour, Received


class Sink:
    """A mail server process that keeps its mails in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self.behave()

    def start(self) -> None:
        """Returns when it accepts connections."""
        with (self.folder / "sink.log").open("ab") as log:
            command = [sys.executable, "-m", "tests.mail_server", str(self.port), str(self.folder)]
            self.process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
        wait_until(lambda: listens(self.port), "mail server listens")

    def kill(self) -> None:
        if self.process:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
        self.process = None

    def behave(self, **answers) -> None:
        """What it answers from now on; without arguments it accepts everything."""
        written = self.folder / "behaviour.new"
        written.write_text(json.dumps(asdict(Behaviour(**answers))), encoding="utf-8")
        written.replace(self.folder / "behaviour.json")

    def received(self) -> list[Received]:
        """All accepted mails, the first first."""
        kept = self.folder / "received.jsonl"
        lines = kept.read_text(encoding="utf-8").splitlines() if kept.exists() else []
        return [Received(**json.loads(line)) for line in lines]

    def forget(self) -> None:
        (self.folder / "received.jsonl").unlink(missing_ok=True)


def listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.2)
        return probe.connect_ex((HOST, port)) == 0
