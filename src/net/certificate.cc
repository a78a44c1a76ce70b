#include "net/certificate.h"

#include <chrono>
#include <fmt/format.h>
#include <memory>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

namespace canaria::net {
namespace {

constexpr int kSerialBytes = 16;

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>>;
using Number = std::unique_ptr<BIGNUM, Freed<BN_free>>;
struct FreeBio {
  void operator()(BIO* bio) const { BIO_free_all(bio); }
};
using Memory = std::unique_ptr<BIO, FreeBio>;

tl::unexpected<Error> refused(std::string_view what) {
  char reason[256] = "no reason given";
  if (const auto error = ERR_get_error()) ERR_error_string_n(error, reason, sizeof(reason));
  ERR_clear_error();
  return fail(Code::kInternal, fmt::format("cannot make a certificate: {}: {}", what, reason));
}

std::string text_of(BIO* memory) {
  char* start = nullptr;
  const auto size = BIO_get_mem_data(memory, &start);
  return std::string(start, static_cast<std::size_t>(size));
}

Result<std::string> pem(X509* certificate) {
  const Memory memory(BIO_new(BIO_s_mem()));
  if (!memory || PEM_write_bio_X509(memory.get(), certificate) != 1) return refused("write it");
  return text_of(memory.get());
}

Result<std::string> pem(EVP_PKEY* key) {
  const Memory memory(BIO_new(BIO_s_mem()));
  if (!memory || PEM_write_bio_PKCS8PrivateKey(memory.get(), key, nullptr, nullptr, 0, nullptr, nullptr) != 1)
    return refused("write the key");
  return text_of(memory.get());
}

Status add_extension(X509* certificate, X509* issuer, int kind, const std::string& text) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, kind, text.c_str()));
  if (!extension || X509_add_ext(certificate, extension.get(), -1) != 1) return refused(text);
  return {};
}

Status set_serial(X509* certificate) {
  unsigned char bytes[kSerialBytes];
  if (RAND_bytes(bytes, kSerialBytes) != 1) return refused("draw a serial number");
  bytes[0] = static_cast<unsigned char>(bytes[0] & 0x7f);  // serial numbers are positive
  const Number number(BN_bin2bn(bytes, kSerialBytes, nullptr));
  if (!number || !BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate))) return refused("set the serial number");
  return {};
}

Status set_subject(X509* certificate, const std::string& name) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(name.c_str());
  if (X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8, bytes, -1, -1, 0) != 1)
    return refused("set the name");
  return {};
}

// Everything but extensions and signature.
Result<Certificate> blank(const CertificateOptions& options, const std::string& name, EVP_PKEY* key) {
  Certificate certificate(X509_new());
  if (!certificate || X509_set_version(certificate.get(), 2) != 1) return refused("begin it");
  CHECK_OK(set_serial(certificate.get()));
  CHECK_OK(set_subject(certificate.get(), name));
  const auto now = static_cast<std::time_t>(std::chrono::floor<Seconds>(options.now).time_since_epoch().count());
  ASN1_TIME_set(X509_getm_notBefore(certificate.get()), now - 3600);
  ASN1_TIME_adj(X509_getm_notAfter(certificate.get()), now, options.days_valid, 0);
  if (X509_set_pubkey(certificate.get(), key) != 1) return refused("set the key");
  return certificate;
}

Result<Certificate> make_authority(const CertificateOptions& options, EVP_PKEY* key) {
  TRY(Certificate certificate, blank(options, options.name + "-ca", key));
  X509* raw = certificate.get();
  if (X509_set_issuer_name(raw, X509_get_subject_name(raw)) != 1) return refused("set the issuer");
  CHECK_OK(add_extension(raw, raw, NID_basic_constraints, "critical,CA:TRUE"));
  CHECK_OK(add_extension(raw, raw, NID_key_usage, "critical,keyCertSign,cRLSign"));
  CHECK_OK(add_extension(raw, raw, NID_subject_key_identifier, "hash"));
  if (X509_sign(raw, key, EVP_sha256()) == 0) return refused("sign the authority");
  return certificate;
}

Result<Certificate> make_server(const CertificateOptions& options, EVP_PKEY* key, X509* authority, EVP_PKEY* authority_key) {
  TRY(Certificate certificate, blank(options, options.name, key));
  X509* raw = certificate.get();
  if (X509_set_issuer_name(raw, X509_get_subject_name(authority)) != 1) return refused("set the issuer");
  std::string names;
  for (const std::string& name : options.dns_names) names += (names.empty() ? "DNS:" : ",DNS:") + name;
  for (const std::string& address : options.addresses) names += (names.empty() ? "IP:" : ",IP:") + address;
  CHECK_OK(add_extension(raw, authority, NID_basic_constraints, "critical,CA:FALSE"));
  CHECK_OK(add_extension(raw, authority, NID_key_usage, "critical,digitalSignature"));
  CHECK_OK(add_extension(raw, authority, NID_ext_key_usage, "serverAuth"));
  CHECK_OK(add_extension(raw, authority, NID_authority_key_identifier, "keyid:always"));
  CHECK_OK(add_extension(raw, authority, NID_subject_alt_name, names));
  if (X509_sign(raw, authority_key, EVP_sha256()) == 0) return refused("sign it");
  return certificate;
}

Result<Key> make_key() {
  Key key(EVP_EC_gen("P-256"));
  if (!key) return refused("make a key");
  return key;
}

}  // namespace

Result<ServerCertificate> make_server_certificate(const CertificateOptions& options) {
  TRY(const Key authority_key, make_key());
  TRY(const Key key, make_key());
  TRY(const Certificate authority, make_authority(options, authority_key.get()));
  TRY(const Certificate certificate, make_server(options, key.get(), authority.get(), authority_key.get()));
  ServerCertificate made;
  TRY(made.authority_pem, pem(authority.get()));
  TRY(made.certificate_pem, pem(certificate.get()));
  TRY(made.key_pem, pem(key.get()));
  return made;
}

}  // namespace canaria::net
