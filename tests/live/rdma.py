"""Runs `weft rdma` for the tests: servers that are stopped by their process id, clients that report in JSON, captures."""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

WEFT = ""
CAPTURE_CHECK = ""
PATIENCE = 60  # seconds; generous, for the machine may be busy
MEGABYTE = 1_000_000


def addresses(n=0):
    """Two loopback addresses that no other test program uses at this time."""
    pid = os.getpid()
    net = f"127.{128 + (pid >> 8 & 0x3f)}.{pid & 0xff}."
    return net + str(2 * n + 1), net + str(2 * n + 2)


def within(namespace, command):
    return ["ip", "netns", "exec", namespace] + command if namespace else command


class Server:
    def __init__(self, bind, *options, namespace=None):
        self.output = tempfile.NamedTemporaryFile(mode="w+", suffix=".log")
        command = within(namespace, [WEFT, "rdma", "server", "--bind", bind, *options])
        self.process = subprocess.Popen(command, stdout=self.output, stderr=subprocess.STDOUT)
        self.wait_for(lambda text: "serving RDMA" in text or self.process.poll() is not None, "the server to start")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def text(self):
        return pathlib.Path(self.output.name).read_text()

    def wait_for(self, condition, what):
        end = time.monotonic() + PATIENCE
        while not condition(self.text()):
            if time.monotonic() > end:
                raise AssertionError(f"waited in vain for {what}; the server said:\n{self.text()}")
            time.sleep(0.02)

    def wait_for_sessions(self, n):
        """The sessions' lines, once there are n."""
        self.wait_for(lambda text: text.count("\n") > n, f"{n} sessions")
        return self.text().splitlines()[1:]

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(PATIENCE)
        return self.process.returncode


def client_command(operation, to, bind, *options, namespace=None):
    return within(namespace, [WEFT, "rdma", operation, "--to", to, "--bind", bind, "--json", *map(str, options)])


class Outcome:
    def __init__(self, code, output, errors):
        self.code, self.errors = code, errors
        self.report = json.loads(output) if output.strip() else {}

    def __str__(self):
        return f"exit code {self.code}, {self.errors.strip()!r}, {json.dumps(self.report)}"


def client(operation, to, bind, *options, namespace=None):
    done = subprocess.run(client_command(operation, to, bind, *options, namespace=namespace), capture_output=True, text=True,
                          timeout=4 * PATIENCE)
    return Outcome(done.returncode, done.stdout, done.stderr)


class RunningClient:
    def __init__(self, operation, to, bind, *options):
        self.process = subprocess.Popen(client_command(operation, to, bind, *options), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        text=True)

    def wait_until_busy(self):
        """Until it has used 50 ms of processor time, which it only does when packets flow."""
        ticks = os.sysconf("SC_CLK_TCK") * 0.05
        end = time.monotonic() + PATIENCE
        while True:
            fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
            if int(fields[11]) + int(fields[12]) >= ticks:
                return
            if self.process.poll() is not None or time.monotonic() > end:
                raise AssertionError("the client did not get to work: " + self.process.communicate()[1])
            time.sleep(0.01)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.communicate(timeout=PATIENCE)

    def outcome(self):
        output, errors = self.process.communicate(timeout=PATIENCE)
        return Outcome(self.process.returncode, output, errors)


class Frames:
    """A capture, read by weft's own decoder."""
    FIELDS = ("source", "destination", "opcode", "psn", "dest_qp", "payload", "identification", "dont_fragment", "traffic_class", "verdict")

    def __init__(self, path):
        done = subprocess.run([CAPTURE_CHECK, path], capture_output=True, text=True, timeout=PATIENCE)
        if done.returncode != 0:
            raise AssertionError(f"{path} is no readable capture")
        self.all = [dict(zip(self.FIELDS, line.split(" ", 9))) for line in done.stdout.splitlines()]

    def of(self, source):
        return [frame for frame in self.all if frame["source"] == source]

    def opcodes_by_psn(self, source):
        return {int(frame["psn"]): int(frame["opcode"]) for frame in self.of(source)}


class Tshark:
    """Watches an interface; `reason` says why it cannot."""
    def __init__(self, interface, capture_filter, namespace=None):
        self.path = tempfile.mktemp(suffix=".pcapng")
        self.reason = ""
        program = shutil.which("tshark")
        if program is None:
            self.reason = "tshark is not installed"
            return
        command = within(namespace, [program, "-i", interface, "-f", capture_filter, "-B", "64", "-w", self.path, "-q"])
        self.errors = tempfile.NamedTemporaryFile(mode="w+", suffix=".log")
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=self.errors)
        end = time.monotonic() + PATIENCE
        while "Capturing on" not in self.said() or not os.path.exists(self.path):
            if self.process.poll() is not None or time.monotonic() > end:
                said = [line for line in self.said().splitlines() if "permission to capture" in line or "no such" in line.lower()]
                self.reason = f"tshark cannot watch {interface}: " + (said or [self.said().strip()[-200:]])[0]
                return
            time.sleep(0.05)
        time.sleep(1)  # it says so shortly before its filter is in place

    def said(self):
        return pathlib.Path(self.errors.name).read_text()

    def stop(self):
        time.sleep(1)  # the kernel hands packets over in blocks
        self.process.send_signal(signal.SIGINT)
        self.process.wait(PATIENCE)
        return self.path

    @staticmethod
    def fields(path, display_filter, *names):
        command = [shutil.which("tshark"), "-r", path, "-Y", display_filter, "-T", "fields"]
        for name in names:
            command += ["-e", name]
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
        return [line.split("\t") for line in done.stdout.splitlines()]


def main(unittest_main, doc):
    """PROGRAM WEFT CAPTURE_CHECK [unittest arguments]; exit code 77 when every test was skipped, with the reasons."""
    global WEFT, CAPTURE_CHECK
    if len(sys.argv) < 3:
        sys.exit(doc)
    WEFT, CAPTURE_CHECK = (str(pathlib.Path(p).resolve()) for p in sys.argv[1:3])
    result = unittest_main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=2, exit=False).result
    if not result.wasSuccessful():
        sys.exit(1)
    if result.testsRun > 0 and len(result.skipped) == result.testsRun:
        for test, reason in result.skipped:
            print(f"SKIPPED {test}: {reason}")
        sys.exit(77)
