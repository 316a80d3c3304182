import type { ClientRequest } from 'node:http';

/**
 * Gives a request up when it has no connection in time, for https with its handshake: who does not even take a call is
 * not waited for as long as one who answers slowly.
 * @param ms from now on, in milliseconds
 */
export function limitConnecting(request: ClientRequest, ms: number): void {
  const stop = (): void => void request.destroy(new Error(`no connection within ${ms} ms`));
  const timer = setTimeout(stop, ms);
  const done = (): void => clearTimeout(timer);
  request.once('socket', (socket) => {
    socket.once('encrypted' in socket ? 'secureConnect' : 'connect', done);
  });
  request.once('close', done);
}
