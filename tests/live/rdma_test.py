"""`weft rdma` between processes, over loopback addresses. Use: rdma_test.py WEFT CAPTURE_CHECK [CASE...]"""
import os
import random
import signal
import socket
import struct
import subprocess
import tempfile
import unittest
import zlib

import rdma
from rdma import MEGABYTE, Frames, RunningClient, Server, Tshark, addresses, client

OPERATIONS = ("write", "read", "send")
TRANSPORT_ERROR = "transport retry count exceeded"


class RdmaCase(unittest.TestCase):
    def verified(self, outcome, count, size):
        self.assertEqual(outcome.code, 0, str(outcome))
        self.assertEqual(outcome.report["error"], "")
        self.assertEqual(outcome.report["messages"], count)
        self.assertEqual(outcome.report["verified"], count, str(outcome))
        self.assertEqual(outcome.report["bytes"], count * size)


class Transfers(RdmaCase):
    def test_sizes(self):
        here, there = addresses()
        with Server(here):
            for operation in OPERATIONS:
                for size in (0, 1, 4095, 4096, 4097, 100_001):
                    with self.subTest(operation=operation, size=size):
                        done = client(operation, here, there, "--size", f"{size}B", "--count", 20, "--depth", 4, "--verify")
                        self.verified(done, 20, size)

    def test_large_messages_and_depths(self):
        here, there = addresses()
        with Server(here):
            for operation in OPERATIONS:
                for depth in (1, 8, 64):
                    with self.subTest(operation=operation, depth=depth):
                        size = MEGABYTE + 1 if depth < 64 else 10_000
                        count = 2 * depth + 1
                        done = client(operation, here, there, "--size", f"{size}B", "--count", count, "--depth", depth, "--verify")
                        self.verified(done, count, size)

    def test_every_mtu(self):
        here, there = addresses()
        with Server(here):
            for operation in OPERATIONS:
                for mtu in (256, 512, 1024, 2048, 4096):
                    with self.subTest(operation=operation, mtu=mtu):
                        done = client(operation, here, there, "--size", "20001B", "--count", 5, "--mtu", mtu, "--verify")
                        self.verified(done, 5, 20001)

    def test_without_verification(self):
        here, there = addresses()
        with Server(here) as server:
            for operation in OPERATIONS:
                done = client(operation, here, there, "--size", "1MB", "--count", 10)
                self.assertEqual((done.code, done.report["messages"], done.report["bytes"]), (0, 10, 10 * MEGABYTE), str(done))
            self.assertTrue(all("10 messages, 10,000,000 bytes" in line for line in server.wait_for_sessions(3)), server.text())

    def test_once_ends_with_the_session(self):
        here, there = addresses()
        with Server(here, "--once") as server:
            self.verified(client("write", here, there, "--size", "5kB", "--count", 3, "--verify"), 3, 5000)
            self.assertEqual(server.process.wait(rdma.PATIENCE), 0)


class Lossy(RdmaCase):
    """Losses each way, duplicates, reordering: every byte still arrives, once and in its place."""
    def transfer(self, loss, *options):
        here, there = addresses()
        with Server(here) as server:
            for number, operation in enumerate(OPERATIONS):
                with self.subTest(operation=operation, loss=loss, options=options):
                    done = client(operation, here, there, "--size", "200001B", "--count", 20, "--depth", 4, "--verify", "--loss", loss,
                                  "--duplicate", loss, "--reorder", loss, "--seed", 7 + number, *options)
                    self.verified(done, 20, 200_001)
                    self.assertGreater(done.report["injected"]["dropped"], 0)
                    self.assertGreater(done.report["injected"]["duplicated"], 0)
                    counted = done.report["queue_pair"]
                    self.assertGreater(counted["data_retransmitted"] + counted["read_rerequests"] + counted["timeouts"], 0, str(done))
            self.assertEqual(sum("ended early" in line for line in server.wait_for_sessions(3)), 0, server.text())

    def test_one_percent(self):
        self.transfer(0.01)

    def test_five_percent(self):
        self.transfer(0.05)

    def test_one_percent_selective(self):
        self.transfer(0.01, "--selective")

    def test_five_percent_selective(self):
        self.transfer(0.05, "--selective")

    def test_a_server_may_lose_packets_too(self):
        here, there = addresses()
        with Server(here, "--loss", "0.02", "--reorder", "0.02") as server:
            self.verified(client("send", here, there, "--size", "100kB", "--count", 20, "--verify", "--loss", "0.02"), 20, 100_000)


class Kills(RdmaCase):
    SHORT = ("--timeout-exponent", 12)  # 16.8 ms, eight times

    def test_a_killed_server_ends_the_client_with_the_transports_error(self):
        here, there = addresses()
        for operation in OPERATIONS:
            with self.subTest(operation=operation), Server(here) as server:
                running = RunningClient(operation, here, there, "--size", "100kB", "--count", 1_000_000_000, *self.SHORT)
                running.wait_until_busy()
                server.process.send_signal(signal.SIGKILL)
                done = running.outcome()
                self.assertEqual(done.code, 3, str(done))
                self.assertIn(TRANSPORT_ERROR, done.errors)
                self.assertEqual(done.report["error"], TRANSPORT_ERROR)
                self.assertGreater(done.report["messages"], 0)
                self.assertGreater(done.report["queue_pair"]["timeouts"], 0)

    def test_a_killed_client_is_noticed_and_the_next_is_served(self):
        here, there = addresses()
        with Server(here) as server:
            for number, operation in enumerate(OPERATIONS):
                running = RunningClient(operation, here, there, "--size", "100kB", "--count", 1_000_000_000)
                running.wait_until_busy()
                running.kill()
                line = server.wait_for_sessions(2 * number + 1)[-1]
                self.assertIn("ended early: side channel", line)
                self.verified(client("write", here, there, "--size", "10kB", "--count", 5, "--verify"), 5, 10_000)
                server.wait_for_sessions(2 * number + 2)

    def test_a_server_that_was_interrupted_ends_its_client(self):
        here, there = addresses()
        with Server(here) as server:
            running = RunningClient("write", here, there, "--size", "100kB", "--count", 1_000_000_000, *self.SHORT)
            running.wait_until_busy()
            self.assertEqual(server.stop(), 130)
            done = running.outcome()
            self.assertEqual((done.code, done.report["error"]), (3, TRANSPORT_ERROR), str(done))

    def test_an_interrupted_client_says_what_it_knows(self):
        here, there = addresses()
        with Server(here):
            running = RunningClient("write", here, there, "--size", "100kB", "--count", 1_000_000_000)
            running.wait_until_busy()
            running.process.send_signal(signal.SIGINT)
            done = running.outcome()
            self.assertEqual((done.code, done.report["error"]), (130, "interrupted"), str(done))
            self.assertGreater(done.report["messages"], 0)


def icrc(source, destination, packet):
    """Written from IBTA annex A17, apart from weft's own."""
    length = 28 + len(packet) + 4
    ends = socket.inet_aton(source) + socket.inet_aton(destination)
    ip = struct.pack(">BBHHHBBH", 0x45, 0xff, length, 0, 0x4000, 0xff, 17, 0xffff) + ends
    udp = struct.pack(">HHHH", 4791, 4791, length - 20, 0xffff)
    return struct.pack("<I", zlib.crc32(b"\xff" * 8 + ip + udp + packet[:4] + b"\xff" + packet[5:]))


class JsonServer(Server):
    """Speaks JSON alone, so its start is seen by the port it holds."""
    def __init__(self, bind):
        self.bind = bind
        super().__init__(bind, "--json")

    def wait_for(self, condition, what):
        if what != "the server to start":
            super().wait_for(condition, what)
            return
        super().wait_for(lambda _: self.listens(), what)

    def listens(self):
        probe = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # connections that ended lately do not count
        try:
            probe.bind((self.bind, 18515))
            return False
        except OSError:
            return True
        finally:
            probe.close()

    def session(self):
        self.wait_for(lambda text: text.endswith("\n"), "a session")
        return rdma.json.loads(self.text().splitlines()[-1])


class Malformed(RdmaCase):
    def setUp(self):
        self.here, self.there = addresses()
        self.stranger = addresses(1)[0]
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.IPPROTO_IP, 10, 3)  # IP_MTU_DISCOVER, IP_PMTUDISC_PROBE
        self.socket.bind((self.stranger, 4791))

    def tearDown(self):
        self.socket.close()

    def throw(self, data):
        self.socket.sendto(data, (self.here, 4791))

    def throw_all(self, random_ones):
        """Datagrams of every defect; how many of each kind."""
        acknowledge = bytes([0x11, 0x40]) + b"\xff\xff" + struct.pack(">III", 77, 5, 0x1f000000)
        right = acknowledge + icrc(self.stranger, self.here, acknowledge)
        kinds = {
            "truncated": [right[:n] for n in (0, 1, 11, 12, 15)],
            "unaligned": [right + b"\0"],
            "transport_version": [right[:1] + b"\x41" + right[2:]],
            "unknown_opcode": [b"\x7f" + right[1:]],
            "pad": [right[:1] + b"\x50" + right[2:]],
            "unexpected_payload": [right + b"\0\0\0\0"],
            "too_long": [bytes(9000)],
            "icrc": [right[:-1] + bytes([right[-1] ^ 1]), right[:7] + b"\4" + right[8:]],
            "unknown_qp": [right],
        }
        for datagrams in kinds.values():
            for datagram in datagrams:
                self.throw(datagram)
        draw = random.Random(5)
        for _ in range(random_ones):
            self.throw(draw.randbytes(draw.randrange(200)))
        return {name: len(datagrams) for name, datagrams in kinds.items()}

    def test_each_defect_is_counted_and_none_does_harm(self):
        with JsonServer(self.here) as server:
            counts = self.throw_all(200)
            running = RunningClient("write", self.here, self.there, "--size", "100kB", "--count", 200, "--verify")
            for _ in range(10):
                again = self.throw_all(0)
                counts = {name: counts[name] + again[name] for name in counts}
            self.verified(running.outcome(), 200, 100_000)
            drops = server.session()["drops"]
            for name, count in counts.items():
                self.assertGreaterEqual(drops[name], count, f"{name}: {drops}")
            self.assertGreaterEqual(sum(drops.values()), sum(counts.values()) + 200)


class SideChannel(RdmaCase):
    """Strangers at the side channel's door."""
    def test_garbage_silence_and_versions(self):
        here, there = addresses()
        with Server(here) as server:
            for number, (data, reason) in enumerate(((b"GET / HTTP/1.1\r\n\r\n", "not a weft side channel"),
                                                     (b"WEFT\0\2\0\1\0\0\0\0", "another version"),
                                                     (b"WEFT\0\1\0\1\xff\xff\xff\xff", "wrong length"),
                                                     (b"WEFT\0\1\0\4\0\0\0\10" + bytes(8), "unexpected message"),
                                                     (b"WE", "side channel"))):
                with socket.create_connection((here, 18515), rdma.PATIENCE) as stranger:
                    stranger.sendall(data)
                    if data == b"WE":
                        stranger.shutdown(socket.SHUT_WR)
                    line = server.wait_for_sessions(number + 1)[-1]
                    self.assertIn("no session", line)
                    self.assertIn(reason, line)
            self.verified(client("send", here, there, "--size", "10kB", "--count", 5, "--verify"), 5, 10_000)

    def test_a_second_client_is_told_that_the_server_is_busy(self):
        here, there = addresses()
        with Server(here):
            running = RunningClient("write", here, there, "--size", "100kB", "--count", 1_000_000_000)
            running.wait_until_busy()
            done = client("write", here, addresses(1)[0], "--size", "1kB", "--count", 1)
            running.kill()
            self.assertEqual(done.code, 2)
            self.assertIn("busy with another client", done.errors)


class SetUp(RdmaCase):
    def refused(self, outcome, *parts):
        self.assertEqual(outcome.code, 2, str(outcome))
        for part in parts:
            self.assertIn(part, outcome.errors)

    def test_a_taken_port(self):
        here, there = addresses()
        with Server(here):
            second = subprocess.run([rdma.WEFT, "rdma", "server", "--bind", here], capture_output=True, text=True, timeout=rdma.PATIENCE)
            self.assertEqual(second.returncode, 2)
            self.assertIn(f"UDP port 4791 of {here}: is in use", second.stderr)

    def test_no_server(self):
        here, there = addresses()
        self.refused(client("write", here, there), "cannot connect the side channel", "Connection refused", "weft rdma server")

    def test_what_cannot_be(self):
        here, there = addresses()
        with Server(here):
            self.refused(client("write", here, here), "an address of its own")
            self.refused(client("write", here, "::1"), "another family")
            self.refused(client("write", here, "192.0.2.7"), "cannot use this address")
            self.refused(client("write", "localhost", there), "is no address")
            self.refused(client("write", here, there, "--size", "1"), "--size 1")
            self.refused(client("write", here, there, "--size", "3GB"), "out of range")
            self.refused(client("write", here, there, "--size", "1GB", "--depth", 8), "registered memory")
            self.refused(client("write", here, there, "--mtu", 1500), "--mtu")
            self.refused(client("write", here, there, "--loss", "1.5"), "no probability")
            self.refused(client("write", here, there, "--depth", 0), "--depth")
            self.refused(client("write", here, there, "--pcap", "/nonexistent/x.pcapng"), "cannot create this capture")
            self.refused(client("wrote", here, there), "did you mean 'write'")


class CaptureCase(RdmaCase):
    """What is on the wire, read by weft's own decoder, which computes every ICRC anew."""
    EXPECTED = {  # of a message of 10,000 bytes at MTU 4096, in PSN order: requests, responses but ACKs
        "write": ([6, 7, 9], []),
        "read": ([12], [13, 14, 15]),
        "send": ([0, 1, 2], []),
    }

    def right_on_the_wire(self, frames):
        self.assertGreater(len(frames.all), 0)
        for frame in frames.all:
            self.assertEqual(frame["verdict"], "none", frame)
            self.assertEqual((frame["identification"], frame["dont_fragment"]), ("0", "1"), frame)
            # DSCP 26; ECT(0) on all but acknowledgements
            acknowledges = frame["opcode"] in ("17", "18", "29")
            self.assertEqual(int(frame["traffic_class"]), 26 << 2 | (0 if acknowledges else 2), frame)

    def expected_packets(self, operation, frames, client_address, server_address, messages):
        requests, responses = self.EXPECTED[operation]
        seen = frames.opcodes_by_psn(client_address)
        answered = {psn: opcode for psn, opcode in frames.opcodes_by_psn(server_address).items() if opcode != 17}
        step = max(len(requests), len(responses))
        first = next(psn for psn in seen if (psn - 1) & 0xffffff not in seen and (psn - step) & 0xffffff not in seen)
        for message in range(messages):
            start = first + step * message
            for offset, opcode in enumerate(requests):
                self.assertEqual(seen.pop((start + offset) & 0xffffff), opcode)
            for offset, opcode in enumerate(responses):
                self.assertEqual(answered.pop((start + offset) & 0xffffff), opcode)
        self.assertEqual((seen, answered), ({}, {}))


class Captures(CaptureCase):
    def test_own_capture(self):
        here, there = addresses()
        with tempfile.TemporaryDirectory() as folder, Server(here):
            for operation in OPERATIONS:
                path = f"{folder}/{operation}.pcapng"
                done = client(operation, here, there, "--size", "10000B", "--count", 4, "--verify", "--pcap", path)
                self.verified(done, 4, 10_000)
                frames = Frames(path)
                self.right_on_the_wire(frames)
                self.assertEqual(len(frames.all), done.report["port"]["datagrams_sent"] + done.report["port"]["datagrams_received"])
                if done.report["queue_pair"]["read_rerequests"] + done.report["queue_pair"]["timeouts"] == 0:
                    self.expected_packets(operation, frames, there, here, 4)


class Watched(CaptureCase):
    """The same packets, caught by tshark, which reads them too."""
    def test_tshark_on_loopback(self):
        here, there = addresses()
        watch = Tshark("lo", f"udp port 4791 and host {there}")
        if watch.reason:
            self.skipTest(watch.reason)
        with Server(here):
            for number, operation in enumerate(OPERATIONS):
                done = client(operation, here, there, "--size", "100kB", "--count", 10, "--verify", "--loss", "0.02", "--reorder", "0.02",
                              "--seed", number)
                self.verified(done, 10, 100_000)
        path = watch.stop()
        self.addCleanup(os.unlink, path)
        frames = Frames(path)
        self.right_on_the_wire(frames)
        self.assertEqual(Tshark.fields(path, "_ws.malformed", "frame.number"), [])
        read = Tshark.fields(path, "infiniband", "ip.src", "infiniband.bth.opcode", "infiniband.bth.psn", "ip.id", "ip.flags.df")
        self.assertEqual([(source, int(opcode), int(psn)) for source, opcode, psn, _, _ in read],
                         [(f["source"], int(f["opcode"]), int(f["psn"])) for f in frames.all])
        self.assertEqual({(int(identification, 16), df) for _, _, _, identification, df in read}, {(0, "1")})
        kinds = {int(opcode) for _, opcode, _, _, _ in read}
        self.assertTrue({0, 1, 2, 6, 7, 9, 12, 13, 14, 15, 17} <= kinds, kinds)


class Namespaces(RdmaCase):
    """Two network namespaces joined by a veth pair: another kernel path than loopback, IPv6 as well."""
    ENDS = (("10.47.91.1", "fd00:4791::1"), ("10.47.91.2", "fd00:4791::2"))

    def ip(self, *arguments):
        return subprocess.run(["ip", *arguments], capture_output=True, text=True, timeout=rdma.PATIENCE)

    def setUp(self):
        if os.geteuid() != 0:
            self.skipTest("network namespaces need root")
        self.names = [f"weft{os.getpid()}{end}" for end in "ab"]
        for name in self.names:
            made = self.ip("netns", "add", name)
            if made.returncode != 0:
                self.skipTest("no network namespaces here: " + made.stderr.strip())
            self.addCleanup(self.ip, "netns", "del", name)
        a, b = self.names
        self.run_all((["link", "add", "wire", "netns", a, "mtu", "4200", "type", "veth",
                       "peer", "name", "wire", "mtu", "4200", "netns", b],))
        for name, (v4, v6) in zip(self.names, self.ENDS):
            self.run_all((["-n", name, "addr", "add", f"{v4}/24", "dev", "wire"],
                          ["-n", name, "addr", "add", f"{v6}/64", "dev", "wire", "nodad"],
                          ["-n", name, "link", "set", "lo", "up"], ["-n", name, "link", "set", "wire", "up"]))

    def run_all(self, commands):
        for command in commands:
            done = self.ip(*command)
            if done.returncode != 0:
                self.skipTest(f"ip {' '.join(command)}: {done.stderr.strip()}")

    def test_both_families_with_and_without_loss(self):
        a, b = self.names
        watch = Tshark("wire", "udp port 4791", namespace=a)
        for version in (0, 1):
            with Server(self.ENDS[0][version], namespace=a):
                for loss in ("0", "0.02"):
                    for operation in OPERATIONS:
                        with self.subTest(operation=operation, version=version, loss=loss):
                            done = client(operation, self.ENDS[0][version], self.ENDS[1][version], "--size", "100001B", "--count", 5,
                                          "--verify", "--loss", loss, namespace=b)
                            self.verified(done, 5, 100_001)
        if watch.reason:
            print(f"not captured: {watch.reason}")
            return
        path = watch.stop()
        self.addCleanup(os.unlink, path)
        frames = Frames(path)
        self.assertGreater(len(frames.all), 100)
        self.assertEqual({(f["verdict"], f["identification"], f["dont_fragment"]) for f in frames.all}, {("none", "0", "1")})
        self.assertEqual(Tshark.fields(path, "_ws.malformed", "frame.number"), [])

    def test_the_mtu_is_looked_at_before_anything_is_sent(self):
        a, b = self.names
        for name in self.names:
            self.run_all((["-n", name, "link", "set", "wire", "mtu", "4199"],))
        with Server(self.ENDS[0][0], namespace=a):
            done = client("write", self.ENDS[0][0], self.ENDS[1][0], namespace=b)
            self.assertEqual(done.code, 2)
            self.assertIn("MTU 4096 needs a link MTU of at least 4200, the path has 4199", done.errors)
            self.assertIn("--mtu 2048", done.errors)
            done = client("write", self.ENDS[0][0], self.ENDS[1][0], "--mtu", 2048, "--count", 3, "--verify", namespace=b)
            self.verified(done, 3, MEGABYTE)

    def test_no_route(self):
        done = client("write", "198.51.100.1", self.ENDS[1][0], namespace=self.names[1])
        self.assertEqual(done.code, 2)
        self.assertIn("no route", done.errors)


if __name__ == "__main__":
    rdma.main(unittest.main, __doc__)
