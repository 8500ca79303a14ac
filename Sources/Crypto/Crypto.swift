//  Crypto: what OpenSSL's libcrypto does for the house. No other room knows it.
//
//      bytes ─► SHA256 ─► SHA256Digest          streaming or at once; what a file is recognised by
//      bytes × SecretKey ─► AES256GCM           sealed and opened; changed by one bit it does not open
//      password × salt ─► Scrypt ─► SecretKey   a key out of what a person remembers
//      RandomBytes, ConstantTime, Base64        what goes with them
//      OldDigests, MessageCode                  what users files and their keeper need, and nothing else should
//
//  Keys are `SecretKey`s: shown to nobody by a description, zeroed when the last reference goes.
