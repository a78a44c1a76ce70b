"""Reads transcripts and plays them: each command in a shell with kubectl, its answer and its requests kept.

    # a remark
    % COMMAND     repeated until it succeeds, not compared: what the next command needs to be settled first
    $ COMMAND     compared; goes on in the next line after a backslash
"""
import dataclasses
import os
import pathlib
import shutil
import subprocess
import time

from normal_form import normal_lines

SETTLE_LIMIT = 30


@dataclasses.dataclass
class Command:
    line: int
    text: str
    is_compared: bool


@dataclasses.dataclass
class Answer:
    """What a command did, in normal form."""
    code: int
    stdout: list
    stderr: list
    exchanges: list


def parse_transcript(text):
    commands, open_command = [], None
    for number, line in enumerate(text.splitlines(), 1):
        if open_command is not None:
            open_command.text += "\n" + line
        elif line.startswith(("$ ", "% ")):
            open_command = Command(number, line[2:], line[0] == "$")
            commands.append(open_command)
        elif line and not line.startswith("#"):
            raise ValueError(f"line {number}: neither a command ($ or %) nor a remark (#): {line}")
        if open_command is not None and not open_command.text.endswith("\\"):
            open_command = None
    return commands


class Side:
    """One of the API servers compared, seen through a recorder, with a namespace and a home folder for each topic."""

    def __init__(self, name, recorder, token, authority, kubectl, folder):
        self.name, self.recorder, self.token, self.authority, self.kubectl = name, recorder, token, authority, kubectl
        self.folder = pathlib.Path(folder)

    def play(self, topic, commands, manifests):
        """A home of its own, so that kubectl asks for discovery once per topic."""
        home = self.folder / topic
        shutil.copytree(manifests, home)
        (home / "kubeconfig").write_text(self._kubeconfig(topic))
        environment = {**os.environ, "PATH": f"{pathlib.Path(self.kubectl).parent}:{os.environ['PATH']}", "TERM": "dumb",
                       "HOME": str(home), "KUBECONFIG": str(home / "kubeconfig"), "LC_ALL": "C.UTF-8",
                       "NAMESPACE": topic}
        self._run(Command(0, f"kubectl create namespace {topic} --validate=false --dry-run=client -o json | kubectl create -f -", False),
                  home, environment)
        return [self._run(command, home, environment) for command in commands]

    def _run(self, command, home, environment):
        end = time.monotonic() + SETTLE_LIMIT
        while True:
            self.recorder.take()
            done = subprocess.run(["bash", "-c", command.text], cwd=home, env=environment, stdin=subprocess.DEVNULL,
                                  capture_output=True, text=True, timeout=60)
            if command.is_compared:
                return Answer(done.returncode, normal_lines(done.stdout), normal_lines(done.stderr), self.recorder.take())
            if done.returncode == 0:
                return None
            assert time.monotonic() < end, f"{self.name}: never true: {command.text}\n{done.stdout}{done.stderr}"
            time.sleep(0.1)

    def _kubeconfig(self, namespace):
        return (f"apiVersion: v1\nkind: Config\ncurrent-context: test\n"
                f"contexts: [{{name: test, context: {{cluster: test, user: test, namespace: {namespace}}}}}]\n"
                f"clusters: [{{name: test, cluster: {{server: \"{self.recorder.address}\", certificate-authority: \"{self.authority}\"}}}}]\n"
                f"users: [{{name: test, user: {{token: {self.token}}}}}]\n")
