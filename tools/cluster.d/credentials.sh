# Keys, certificates, tokens and kubeconfig files of one cluster.
# shellcheck shell=bash disable=SC2154 # sourced by tools/cluster
#
# They are made anew for each cluster and are worth nothing outside of it. Every
# component is a user of its own so that the audit log tells them apart.

make_certificates() {
  local tls=$dir/tls
  mkdir -p -- "$tls"
  (
    cd -- "$tls" || exit
    make_key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1"; }
    # sign NAME SUBJECT EXTENSION: a certificate by our authority.
    sign() {
      make_key "$1.key"
      openssl req -new -key "$1.key" -subj "$2" -out "$1.csr"
      openssl x509 -req -in "$1.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -days 365 \
        -extfile <(printf '%s\n' "$3") -out "$1.crt"
    }
    make_key ca.key
    openssl req -x509 -new -key ca.key -subj /CN=canaria-test-ca -days 365 -out ca.crt \
      -addext keyUsage=critical,keyCertSign,cRLSign
    sign apiserver /CN=kube-apiserver "$(printf '%s\n' extendedKeyUsage=serverAuth \
      subjectAltName=IP:127.0.0.1,IP:10.0.0.1,DNS:localhost,DNS:kubernetes,DNS:kubernetes.default.svc)"
    make_key service-account.key
    openssl ec -in service-account.key -pubout -out service-account.pub
  ) >"$dir/log/openssl.log" 2>&1
}

# write_kubeconfig FILE USER CREDENTIALS: CREDENTIALS are the fields of the user entry.
write_kubeconfig() {
  cat >"$1" <<CONFIG
apiVersion: v1
kind: Config
current-context: canaria-test
contexts:
  - name: canaria-test
    context: {cluster: canaria-test, user: $2}
clusters:
  - name: canaria-test
    cluster:
      server: https://127.0.0.1:$apiserver_port
      certificate-authority-data: $(base64 -w0 "$dir/tls/ca.crt")
users:
  - name: $2
    user:
$3
CONFIG
}

# add_token_user USER GROUP FILE: a user of the static token file.
add_token_user() {
  local token
  token=$(openssl rand -hex 16)
  printf '%s,%s,%s%s\n' "$token" "$1" "$1" "${2:+,$2}" >>"$dir/tokens.csv"
  write_kubeconfig "$3" "$1" "      token: $token"
}

make_credentials() (
  umask 077
  make_certificates
  : >"$dir/tokens.csv"
  add_token_user admin system:masters "$dir/kubeconfig"
  add_token_user canaria-controller system:masters "$dir/controller.kubeconfig"
  add_token_user guest '' "$dir/guest.kubeconfig"
  local name
  for name in kube-controller-manager kube-scheduler kwok; do
    add_token_user "system:$name" system:masters "$dir/tls/$name.kubeconfig"
  done
)
