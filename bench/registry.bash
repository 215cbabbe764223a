# Sourced by run: a docker-registry on this machine, which has the gzip form of $image as bench:1.

# registry_with [tls]: starts it and sets host and certificates
registry_with() {
    local port tls=
    certificates=$work/certificates
    if [ "${1-}" = tls ]; then
        tls="tls: {certificate: $certificates/ca.crt, key: $certificates/ca.pem}"
        [ -e "$certificates/ca.pem" ] || certify
    fi
    port=$(free_port)
    host=127.0.0.1:$port
    printf '%s\n' "version: 0.1" "log: {level: error}" "storage: {filesystem: {rootdirectory: $image/registry}}" \
        "http: {addr: '$host', $tls}" >"$image/registry.yml"
    docker-registry serve "$image/registry.yml" >>"$log" 2>&1 &
    server=$!
    until listens "$port"; do
        kill -0 "$server" 2>/dev/null || fail "docker-registry does not start: see $log"
        sleep 0.05
    done
    [ -e "$image/registry/full" ] && return
    say "filling $image/registry"
    skopeo copy -q --dest-tls-verify=false "oci:$image/oci-gzip" "docker://$host/bench:1" 2>>"$log" ||
        fail "cannot fill the registry: see $log"
    : >"$image/registry/full"
}

stop_registry() {
    [ -n "$server" ] || return
    kill "$server"
    wait "$server" 2>/dev/null
    server=
}

certify() {
    mkdir -p "$certificates"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj /CN=bench \
        -addext subjectAltName=IP:127.0.0.1 -keyout "$certificates/ca.pem" -out "$certificates/ca.crt" 2>>"$log" ||
        fail "cannot make a certificate: see $log"
}

free_port() {
    local port
    while port=$((20000 + RANDOM % 10000)) && listens "$port"; do :; done
    echo "$port"
}
listens() { (: <"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
