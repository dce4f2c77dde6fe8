# What quickstart and check share: steps with a log, and packages that are installed only when they are missing.
# Source it from the repository's root; set `log` (a file) first.

mkdir -p "$(dirname "$log")"
: >"$log"
started=$SECONDS

say() { printf '%s\n' "$*"; }

# stop MESSAGE: the log's tail, then the message.
stop() {
  {
    echo "---- the end of $log:"
    tail -n "${tail_lines:-40}" "$log"
    echo "---- $*"
  } >&2
  exit 1
}

# step WHAT COMMAND...: one line on the console with the time it took, everything else in the log.
step() {
  local what=$1 begin=$SECONDS
  shift
  printf '%-66s' "$what"
  if "$@" >>"$log" 2>&1 </dev/null; then
    printf '%4d s\n' $((SECONDS - begin))
  else
    printf ' failed\n'
    stop "$what: failed"
  fi
}

missing_packages() {
  local package
  for package in "$@"; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || echo "$package"
  done
}

# Empty when root, sudo when it may be used without a question or at a terminal; fails when there is neither.
become_root() {
  [ "$(id -u)" = 0 ] && return 0
  command -v sudo >/dev/null || return 1
  sudo -n true 2>/dev/null && { echo sudo; return 0; }
  [ -t 0 ] && sudo -v && echo sudo
}

apt_install() {
  local root=$1
  shift
  $root apt-get update -q || echo "apt-get update failed: trying with the package lists that are there"
  $root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends -o DPkg::Lock::Timeout=120 "$@"
}

# need PACKAGE...: installs what is missing; touches nothing, and asks for no rights, when all is there.
need() {
  command -v apt-get >/dev/null || {
    say "This is no Debian: packages are not installed. Needed, by their Debian names: $*"
    return 0
  }
  local missing root
  mapfile -t missing < <(missing_packages "$@")
  [ "${#missing[@]}" = 0 ] && return 0
  root=$(become_root) || stop "these packages are missing, and neither root nor sudo is at hand: ${missing[*]}"
  step "installing ${#missing[@]} packages: $(shorten "${missing[*]}")" apt_install "$root" "${missing[@]}"
}

shorten() { if [ "${#1}" -gt 40 ]; then echo "${1:0:37}..."; else echo "$1"; fi; }

build_packages=(g++ cmake ninja-build libyaml-cpp-dev libprotobuf-dev protobuf-compiler nlohmann-json3-dev libcli11-dev zlib1g-dev)

# The charts are wanted, not needed: without npm or its registry the report draws its own plain ones.
charts() {
  [ -f web/package.json ] || return 0
  local bundle=web/dist/report.js
  [ -f $bundle ] && [ -z "$(find web/package-lock.json web/build.mjs web/charts -newer $bundle)" ] && return 0
  command -v npm >/dev/null || install_npm || { say "no npm: going on without charts (see $log)"; return 0; }
  # npm knows its own list of certificates only; behind a company's proxy the machine's list is the right one.
  local certificates=/etc/ssl/certs/ca-certificates.crt
  [ -f $certificates ] && export NODE_EXTRA_CA_CERTS=${NODE_EXTRA_CA_CERTS:-$certificates}
  printf '%-66s' "building the charts"
  local begin=$SECONDS
  if (cd web && timeout 150 npm ci --no-audit --no-fund --fetch-retries=1 --fetch-timeout=30000 && timeout 60 npm run build) >>"$log" 2>&1 </dev/null; then
    printf '%4d s\n' $((SECONDS - begin))
  else
    printf ' failed\nnpm could not build them: going on without charts (see %s)\n' "$log"
  fi
}

install_npm() {
  command -v apt-get >/dev/null || return 1
  local root
  root=$(become_root) || return 1
  printf '%-66s' "installing npm, for the charts"
  local begin=$SECONDS
  apt_install "$root" npm >>"$log" 2>&1 </dev/null || { printf ' failed\n'; return 1; }
  printf '%4d s\n' $((SECONDS - begin))
}
