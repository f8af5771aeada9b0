// SPDX-License-Identifier: Apache-2.0
// The limit: as little as one thread must do to forward IPv4 between two AF_XDP sockets in copy mode. Batch of 64, TX
// budget of 256, shared UMEM; checks the header, looks up a next hop by the destination's first 16 bits, rewrites TTL,
// checksum and Ethernet header. No learning, no counters, no errors to hosts, no second packet path.
//
// usage: forwarder OBJECT IN OUT CPU SECONDS SOURCE_MAC NEXT_HOP_MAC
#define _GNU_SOURCE
#include <errno.h>
#include <linux/if_link.h>
#include <linux/if_xdp.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#ifndef XDP_MAX_TX_SKB_BUDGET
#define XDP_MAX_TX_SKB_BUDGET 9 /* since Linux 6.17 */
#endif

#define BATCH 64
#define TX_BUDGET 256
#define CHUNKS 16384
#define CHUNK_BYTES 2048
#define RING 2048
#define IN_FLIGHT_MAX (CHUNKS / 2)
#define SECONDS_MAX 600

struct ring {
    uint32_t *producer, *consumer;
    void *entries;
    uint32_t at; // our own index
};

struct port {
    int socket;
    struct ring rx, tx, fill, completion;
    uint32_t in_flight;
};

static uint8_t *chunks;
static uint64_t free_chunks[CHUNKS];
static unsigned free_count;
static uint16_t route[65536]; // next hop by the first 16 bits of the destination, 0 for none
static uint8_t next_hop[2][12]; // Ethernet addresses of next hop 1
static volatile sig_atomic_t stopped;

static void stop(int signal)
{
    (void)signal;
    stopped = 1;
}

static void fail(const char *what, int error)
{
    fprintf(stderr, "forwarder: %s: %s\n", what, strerror(error < 0 ? -error : error));
    exit(1);
}

static void parse_mac(const char *text, uint8_t *mac)
{
    if (sscanf(text, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", mac, mac + 1, mac + 2, mac + 3, mac + 4, mac + 5) != 6)
        fail(text, EINVAL);
}

static void set(int socket, int option, const void *value, socklen_t size, const char *what)
{
    if (setsockopt(socket, SOL_XDP, option, value, size))
        fail(what, errno);
}

static void map_ring(int socket, struct ring *ring, struct xdp_ring_offset *offset, uint64_t page, size_t entry)
{
    uint8_t *memory = mmap(NULL, offset->desc + RING * entry, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, socket, page);

    if (memory == MAP_FAILED)
        fail("mapping a ring", errno);
    ring->producer = (uint32_t *)(memory + offset->producer);
    ring->consumer = (uint32_t *)(memory + offset->consumer);
    ring->entries = memory + offset->desc;
}

static void open_port(struct port *port, int device, int first)
{
    struct xdp_umem_reg umem = { .addr = (uintptr_t)chunks, .len = (uint64_t)CHUNKS * CHUNK_BYTES, .chunk_size = CHUNK_BYTES };
    struct xdp_mmap_offsets offsets;
    socklen_t size = sizeof offsets;
    int entries = RING, budget = TX_BUDGET, buffer = 16 << 20;

    port->socket = socket(AF_XDP, SOCK_RAW, 0);
    if (port->socket < 0)
        fail("socket", errno);
    if (first == 0)
        set(port->socket, XDP_UMEM_REG, &umem, sizeof umem, "registering memory");
    set(port->socket, XDP_UMEM_FILL_RING, &entries, sizeof entries, "fill ring");
    set(port->socket, XDP_UMEM_COMPLETION_RING, &entries, sizeof entries, "completion ring");
    set(port->socket, XDP_RX_RING, &entries, sizeof entries, "RX ring");
    set(port->socket, XDP_TX_RING, &entries, sizeof entries, "TX ring");
    if (getsockopt(port->socket, SOL_XDP, XDP_MMAP_OFFSETS, &offsets, &size))
        fail("ring offsets", errno);
    map_ring(port->socket, &port->rx, &offsets.rx, XDP_PGOFF_RX_RING, sizeof(struct xdp_desc));
    map_ring(port->socket, &port->tx, &offsets.tx, XDP_PGOFF_TX_RING, sizeof(struct xdp_desc));
    map_ring(port->socket, &port->fill, &offsets.fr, XDP_UMEM_PGOFF_FILL_RING, sizeof(uint64_t));
    map_ring(port->socket, &port->completion, &offsets.cr, XDP_UMEM_PGOFF_COMPLETION_RING, sizeof(uint64_t));

    struct sockaddr_xdp address = {
        .sxdp_family = AF_XDP,
        .sxdp_flags = first == 0 ? XDP_COPY | XDP_USE_NEED_WAKEUP : XDP_SHARED_UMEM,
        .sxdp_ifindex = device,
        .sxdp_shared_umem_fd = first,
    };

    if (bind(port->socket, (struct sockaddr *)&address, sizeof address))
        fail("binding", errno);
    if (setsockopt(port->socket, SOL_XDP, XDP_MAX_TX_SKB_BUDGET, &budget, sizeof budget))
        fprintf(stderr, "forwarder: the kernel has no TX budget option\n");
    if (setsockopt(port->socket, SOL_SOCKET, SO_SNDBUFFORCE, &buffer, sizeof buffer))
        fprintf(stderr, "forwarder: send buffer stays at its default\n");
}

static void attach(const char *object_file, int device, struct port *port)
{
    struct bpf_object *object = bpf_object__open(object_file);
    uint32_t queue = 0;

    if (!object || bpf_object__load(object))
        fail(object_file, errno);

    int program = bpf_program__fd(bpf_object__find_program_by_name(object, "redirect"));
    int map = bpf_object__find_map_fd_by_name(object, "sockets");
    // A link goes away with the process, however that ends.
    int link = bpf_link_create(program, device, BPF_XDP, NULL);

    if (link < 0 || bpf_map_update_elem(map, &queue, &port->socket, BPF_ANY))
        fail("attaching the program", errno);
}

static void refill(struct port *port)
{
    uint32_t room = RING - (port->fill.at - __atomic_load_n(port->fill.consumer, __ATOMIC_ACQUIRE));

    if (room < BATCH)
        return;
    for (; room && free_count; room--)
        ((uint64_t *)port->fill.entries)[port->fill.at++ % RING] = free_chunks[--free_count];
    __atomic_store_n(port->fill.producer, port->fill.at, __ATOMIC_RELEASE);
}

static void complete(struct port *port)
{
    uint32_t available = __atomic_load_n(port->completion.producer, __ATOMIC_ACQUIRE) - port->completion.at;

    if (!available)
        return;
    port->in_flight -= available;
    for (; available; available--)
        free_chunks[free_count++] =
            ((uint64_t *)port->completion.entries)[port->completion.at++ % RING] & ~(uint64_t)(CHUNK_BYTES - 1);
    __atomic_store_n(port->completion.consumer, port->completion.at, __ATOMIC_RELEASE);
}

// Returns whether the frame may be sent.
static int rewrite(uint8_t *frame, uint32_t length)
{
    uint8_t *ip = frame + 14;

    if (length < 34 || frame[12] != 8 || frame[13] != 0 || ip[0] != 0x45 || ip[8] <= 1)
        return 0;

    uint32_t sum = 0;

    for (int n = 0; n < 20; n += 2)
        sum += *(uint16_t *)(ip + n);
    sum = (sum & 0xffff) + (sum >> 16);
    sum = (sum & 0xffff) + (sum >> 16);

    unsigned hop = route[ip[16] << 8 | ip[17]];

    if (sum != 0xffff || !hop)
        return 0;
    ip[8]--;

    uint32_t check = (ip[10] << 8 | ip[11]) + 0x100; // RFC 1141

    check += check >> 16;
    ip[10] = check >> 8;
    ip[11] = check;
    memcpy(frame, next_hop[hop], 12);
    return 1;
}

static void forward(struct port *in, struct port *out)
{
    uint32_t available = __atomic_load_n(in->rx.producer, __ATOMIC_ACQUIRE) - in->rx.at;
    uint32_t count = available < BATCH ? available : BATCH;
    uint32_t sent = 0;

    for (uint32_t n = 0; n < count; n++) {
        struct xdp_desc *from = (struct xdp_desc *)in->rx.entries + in->rx.at++ % RING;

        if (out->in_flight + sent == IN_FLIGHT_MAX
            || out->tx.at - __atomic_load_n(out->tx.consumer, __ATOMIC_ACQUIRE) == RING
            || !rewrite(chunks + from->addr, from->len)) {
            free_chunks[free_count++] = from->addr & ~(uint64_t)(CHUNK_BYTES - 1);
            continue;
        }

        struct xdp_desc *to = (struct xdp_desc *)out->tx.entries + out->tx.at++ % RING;

        to->addr = from->addr;
        to->len = from->len;
        to->options = 0;
        sent++;
    }
    if (count)
        __atomic_store_n(in->rx.consumer, in->rx.at, __ATOMIC_RELEASE);
    if (sent)
        __atomic_store_n(out->tx.producer, out->tx.at, __ATOMIC_RELEASE);
    out->in_flight += sent;
    if (out->in_flight)
        sendto(out->socket, NULL, 0, MSG_DONTWAIT, NULL, 0);
    complete(out);
    refill(in);
}

int main(int argc, char **argv)
{
    if (argc != 8) {
        fprintf(stderr, "usage: forwarder OBJECT IN OUT CPU SECONDS SOURCE_MAC NEXT_HOP_MAC\n");
        return 2;
    }

    int device_in = if_nametoindex(argv[2]), device_out = if_nametoindex(argv[3]);
    double seconds = atof(argv[5]);
    struct rlimit unlimited = { RLIM_INFINITY, RLIM_INFINITY };
    struct port in = { 0 }, out = { 0 };
    cpu_set_t cpus;

    if (!device_in || !device_out || !(seconds > 0 && seconds <= SECONDS_MAX))
        fail("arguments", EINVAL);
    parse_mac(argv[7], next_hop[1]);
    parse_mac(argv[6], next_hop[1] + 6);
    for (int n = 0; n < 65536; n++)
        route[n] = 1;
    CPU_ZERO(&cpus);
    CPU_SET(atoi(argv[4]), &cpus);
    if (sched_setaffinity(0, sizeof cpus, &cpus))
        fail("pinning", errno);
    setrlimit(RLIMIT_MEMLOCK, &unlimited);
    signal(SIGTERM, stop);
    signal(SIGINT, stop);

    chunks = mmap(NULL, (size_t)CHUNKS * CHUNK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    if (chunks == MAP_FAILED)
        fail("packet memory", errno);
    for (unsigned n = 0; n < CHUNKS; n++)
        free_chunks[free_count++] = (uint64_t)(CHUNKS - 1 - n) * CHUNK_BYTES;
    open_port(&in, device_in, 0);
    open_port(&out, device_out, in.socket);
    refill(&in);
    attach(argv[1], device_in, &in);
    puts("ready");
    fflush(stdout);

    time_t end = time(NULL) + (time_t)seconds;

    for (unsigned turn = 0; !stopped && (turn % 4096 || time(NULL) < end); turn++)
        forward(&in, &out);
    return 0;
}
