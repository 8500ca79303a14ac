//  Credentials: names and passwords, and the files that say which ones are right.
//
//      htpasswd file, group file ─► UserDirectory     who there is, with which hash and in which groups
//      one hash                  ─► PasswordHash      crypt(3)'s kinds by libcrypt, Apache's own by Crypto
//      a secret to remember      ─► CredentialDigest  recognised again without being kept
//
//  Everything here is a value or a function; what waits (hashing takes up to a second) is called off the event loop.
