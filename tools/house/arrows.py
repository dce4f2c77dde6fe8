"""The arrows: which room may include which, and which headers a sans-I/O room never sees (DESIGN.md, "The house")."""
import re

import cpp

ALL_BUT_LIVE = {"base", "wire", "engine", "transport", "link", "gateway", "control", "core", "fabric", "topology", "collective",
                "workload", "scenario", "report"}
# A room may include itself and these; a name with a slash allows that one header.
ARROWS = {
    "base": set(),
    "wire": {"base"},
    "engine": {"base", "wire"},
    "transport": {"base", "wire", "engine"},
    "link": {"base", "wire", "engine"},
    "gateway": {"base", "wire", "engine"},
    "control": {"base"},
    "core": {"base"},
    # topology: a switch asks the routing tables; transport: a scheduled fabric's switches are end points of GSE
    "fabric": {"base", "wire", "engine", "link", "core", "topology", "transport"},
    "topology": {"base"},
    "collective": {"base"},
    "workload": {"base", "collective"},
    "scenario": {"base", "topology", "workload", "fabric/parameters.hh", "link/conditions.hh"},
    "report": {"base", "workload"},
    "sim": ALL_BUT_LIVE,
    "live": {"base", "wire", "engine", "transport", "link", "gateway", "control"},
    "app": ALL_BUT_LIVE | {"sim", "live"},
}
SANS_IO = {"wire", "engine", "transport", "link", "gateway", "control"}
CLOCKS = {"chrono", "ctime", "time.h", "sys/time.h", "sys/timerfd.h"}
THREADS = {"thread", "mutex", "shared_mutex", "condition_variable", "future", "semaphore", "barrier", "latch", "stop_token",
           "atomic", "pthread.h", "threads.h"}
FILES = {"fstream", "filesystem", "cstdio", "stdio.h", "iostream", "fcntl.h", "unistd.h", "sys/stat.h", "sys/mman.h", "dirent.h"}
SOCKETS = re.compile(r"^(sys/(socket|epoll|select|poll|uio|un|ioctl)\.h|(poll|netdb|ifaddrs)\.h|(netinet|arpa|net|linux|netpacket)/.*)$")
CALLS = re.compile(r"\b(std::chrono|std::thread|std::this_thread|clock_gettime|gettimeofday|fopen|std::fopen|std::time)\b")


def outside_world(header):
    """What a header brings in that a sans-I/O room must not have, or an empty string."""
    for kind, names in (("a clock", CLOCKS), ("a thread", THREADS), ("a file", FILES)):
        if header in names:
            return kind
    return "a socket" if SOCKETS.match(header) else ""


def check(tree):
    for name, text in tree.sources.items():
        parts = name.split("/")
        if len(parts) < 3:
            yield name, 1, "arrow", "a source file lives in a room: src/<room>/"
            continue
        if parts[1] not in ARROWS:
            yield name, 1, "arrow", f"room {parts[1]} has no arrows yet: add it to tools/house/arrows.py and DESIGN.md"
            continue
        yield from check_file(tree, name, parts[1], text)
    yield from check_links(tree)


def check_file(tree, name, room, text):
    for line, system, header in cpp.includes(text):
        if system:
            kind = outside_world(header)
            header_of_base = room == "base" and name.endswith(".hh") and header != "iostream"
            if kind and (room in SANS_IO or header_of_base):
                yield name, line, "arrow", f"{room} includes {kind}: <{header}>"
        elif f"src/{header}" not in tree.sources:
            yield name, line, "arrow", f'"{header}" is no header of a room; write "room/file.hh"'
        elif not allowed(room, header):
            yield name, line, "arrow", f"{room} may not include {header}"
    if room in SANS_IO:
        code = cpp.bare(text)
        for match in CALLS.finditer(code):
            yield name, cpp.line_of(code, match.start()), "arrow", f"{room} uses {match.group(0)}"


def allowed(room, header):
    return header.split("/")[0] in ARROWS[room] | {room} or header in ARROWS[room]


def check_links(tree):
    """The libraries a room links obey the same arrows."""
    for name, text in tree.texts.items():
        match = re.match(r"src/(\w+)/CMakeLists\.txt$", name)
        if not match or match.group(1) not in ARROWS:
            continue
        room = match.group(1)
        for found in re.finditer(r"\bweft_(\w+)", re.sub(r"#[^\n]*", cpp.blank, text)):
            other = found.group(1)
            if other in ARROWS and other not in ARROWS[room] | {room}:
                yield name, cpp.line_of(text, found.start()), "arrow", f"{room} may not link weft_{other}"
