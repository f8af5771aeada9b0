"""Running commands, and saying which one failed with what it printed."""

import subprocess


class CommandFailed(Exception):
    """A command ended with an error; the message has the command and its output."""


def run(*command: str, check: bool = True, timeout: float = 60) -> str:
    """Runs a command to its end and returns what it printed."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)
    if check and done.returncode != 0:
        raise CommandFailed(f"{' '.join(command)}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def start(*command: str, log: str, env: dict[str, str] | None = None) -> subprocess.Popen:
    """Starts a process that stays; everything it prints goes to a file."""
    with open(log, "ab") as out:
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=env,
                                start_new_session=True)


def end(process: subprocess.Popen, patience: float = 5) -> None:
    """Ends a process that was started here: first politely."""
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
