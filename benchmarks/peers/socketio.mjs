// The peer: Socket.IO's own broadcast to a room. It numbers and acknowledges, and keeps nothing.
import { createServer } from "node:http";
import { Server } from "socket.io";

const http = createServer();
const io = new Server(http, { transports: ["websocket"], serveClient: false });
const heads = new Map();

io.on("connection", (socket) => {
  socket.join("room");
  socket.on("post", ({ room, text }, done) => {
    const seq = (heads.get(room) ?? 0) + 1;
    heads.set(room, seq);
    io.to("room").emit("posted", { seq, at: new Date().toISOString(), text });
    done({ seq });
  });
});

http.listen({ port: Number(process.argv[2]), host: "127.0.0.1", backlog: 2048 });
