// Node's usual WebSocket server: what one socket says goes to all, its sender included. Started by hubbub-bench as
// `node ws.mjs PORT`. It knows no rooms, stores nothing and acknowledges nothing: that is the comparison.
import { WebSocketServer } from 'ws';

const server = new WebSocketServer({
  host: '127.0.0.1',
  port: Number(process.argv[2]),
  backlog: 4096,
  perMessageDeflate: false,
});

server.on('connection', (socket) => {
  socket.on('message', (data, isBinary) => {
    for (const reader of server.clients) reader.send(data, { binary: isBinary });
  });
  socket.on('error', () => socket.terminate());
});
