import type { ConnectionOptions, TlsOptions } from 'node:tls'

/** The one thing that both ends call each other by; who they are is in their first message. */
const identity = 'tandem'

/** How long a connection may take to prove that it knows the secret. */
export const handshakeMs = 5_000

/**
 * Both ends know one secret, and no certificates are needed. TLS 1.2 alone: BoringSSL, which is Electron's, has no such
 * secrets in TLS 1.3. The exchange of keys is ephemeral, so who learns the secret later cannot read what was recorded.
 */
const cipher = {
  ciphers: 'ECDHE-PSK-CHACHA20-POLY1305',
  minVersion: 'TLSv1.2',
  maxVersion: 'TLSv1.2',
} as const

export function serverOptions(secret: Buffer): TlsOptions {
  return {
    ...cipher,
    handshakeTimeout: handshakeMs,
    pskCallback: (_socket, name) => (name === identity ? secret : null),
  }
}

export function clientOptions(secret: Buffer): ConnectionOptions {
  return {
    ...cipher,
    pskCallback: () => ({ psk: secret, identity }),
    // There is no certificate with a name in it; whoever completes the handshake knows the secret.
    checkServerIdentity: () => undefined,
  }
}
