/* The floor: one epoll loop that copies each text to every socket. It checks, stores and
 * remembers nothing, and answers no Sec-WebSocket-Accept; what is left is the kernel's price. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define MOST 8192
#define BUFFER 4096

static struct { int open, used; unsigned char in[BUFFER]; } peers[MOST];
static int everyone[MOST], count;

static void leave(int fd) {
    for (int i = 0; i < count; i++)
        if (everyone[i] == fd) { everyone[i] = everyone[--count]; break; }
    close(fd);
}

static void tell_all(const unsigned char *text, int size) {
    unsigned char frame[BUFFER];
    int head = size < 126 ? 2 : 4;
    frame[0] = 0x81;
    if (head == 2) frame[1] = size;
    else { frame[1] = 126; frame[2] = size >> 8; frame[3] = size & 255; }
    memcpy(frame + head, text, size);
    for (int i = 0; i < count; i++)
        if (send(everyone[i], frame, head + size, MSG_NOSIGNAL) < 0 && errno != EAGAIN) continue;
}

static void take(int fd) {
    int got = read(fd, peers[fd].in + peers[fd].used, BUFFER - peers[fd].used);
    if (got <= 0) { if (got == 0 || errno != EAGAIN) leave(fd); return; }
    unsigned char *in = peers[fd].in;
    int used = peers[fd].used + got;
    if (!peers[fd].open) {
        static const char yes[] =
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
        unsigned char *end = memmem(in, used, "\r\n\r\n", 4);
        if (!end) { peers[fd].used = used; return; }
        if (send(fd, yes, sizeof yes - 1, MSG_NOSIGNAL) < 0) { leave(fd); return; }
        peers[fd].open = 1;
        everyone[count++] = fd;
        used -= end + 4 - in;
        memmove(in, end + 4, used);
    }
    for (;;) {
        int size = used >= 2 ? in[1] & 127 : 0, head = 6;
        if (used < 6) break;
        if (size == 126) { size = in[2] << 8 | in[3]; head = 8; }
        if (head + size > BUFFER) { leave(fd); return; }
        if (used < head + size) break;
        for (int i = 0; i < size; i++) in[head + i] ^= in[head - 4 + (i & 3)];
        if ((in[0] & 15) == 8) { leave(fd); return; }
        tell_all(in + head, size);
        used -= head + size;
        memmove(in, in + head + size, used);
    }
    peers[fd].used = used;
}

int main(int argc, char **argv) {
    struct rlimit many = {MOST, MOST};
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct epoll_event found[256], wanted = {.events = EPOLLIN};
    int yes = 1, listener = socket(AF_INET, SOCK_STREAM, 0), poll = epoll_create1(0);
    if (argc < 2 || setrlimit(RLIMIT_NOFILE, &many)) return 2;
    at.sin_port = htons(atoi(argv[1]));
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(listener, (void *)&at, sizeof at) || listen(listener, 2048)) return 2;
    wanted.data.fd = listener;
    epoll_ctl(poll, EPOLL_CTL_ADD, listener, &wanted);
    for (;;) {
        int n = epoll_wait(poll, found, 256, -1);
        for (int i = 0; i < n; i++) {
            int fd = found[i].data.fd;
            if (fd != listener) { take(fd); continue; }
            int peer = accept4(listener, 0, 0, SOCK_NONBLOCK);
            if (peer < 0) continue;
            if (peer >= MOST) { close(peer); continue; }
            peers[peer].open = peers[peer].used = 0;
            setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
            wanted.data.fd = peer;
            epoll_ctl(poll, EPOLL_CTL_ADD, peer, &wanted);
        }
    }
}
