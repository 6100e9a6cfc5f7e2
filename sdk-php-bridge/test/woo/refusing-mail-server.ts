import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

export interface MailServer {
  readonly port: number;
  /** Whom somebody wanted to write to. */
  readonly receivers: string[];
  stop(): Promise<void>;
}

/** Speaks SMTP as far as it takes to refuse every receiver, by name. */
export async function refusingMailServer(): Promise<MailServer> {
  const receivers: string[] = [];
  const server = createServer((socket) => {
    socket.write('220 ready\r\n');
    socket.on('error', () => {});
    socket.on('data', (data) => {
      for (const line of data.toString().split('\r\n').filter(Boolean)) {
        const receiver = /^RCPT TO:<(.*?)>/i.exec(line)?.[1];
        if (receiver !== undefined) receivers.push(receiver);
        socket.write(receiver === undefined ? '250 ok\r\n' : `550 nobody is called <${receiver}>\r\n`);
        if (/^QUIT/i.test(line)) socket.end();
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    receivers,
    async stop() {
      server.close();
      await once(server, 'close');
    },
  };
}
