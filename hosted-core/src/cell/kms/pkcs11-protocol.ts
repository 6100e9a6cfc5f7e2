import type { KeyServiceFault } from './key-service-error.ts';

/** Where the key is: the module to load, and labels of the token and of the key in it. */
export interface Pkcs11Place {
  readonly modulePath: string;
  readonly token: string;
  readonly object: string;
}

/** What the house asks of the process that holds the module. */
export type Pkcs11Question =
  | { readonly verb: 'open'; readonly place: Pkcs11Place; readonly pin: string }
  | { readonly verb: 'create'; readonly place: Pkcs11Place; readonly pin: string }
  | { readonly verb: 'wrap'; readonly plainKey: Uint8Array; readonly associatedData: Uint8Array }
  | { readonly verb: 'unwrap'; readonly blob: Uint8Array; readonly associatedData: Uint8Array };

export interface Pkcs11Refusal {
  readonly fault: KeyServiceFault;
  readonly detail: string;
  /** The module's state is of no more use: begin again with a new process. */
  readonly lost: boolean;
  /** The PIN was refused; trying it again could lock the token. */
  readonly pinRefused: boolean;
}

export type Pkcs11Answer = { readonly id: number } & (
  | { readonly bytes: Uint8Array }
  | { readonly refusal: Pkcs11Refusal }
);
