// SPDX-License-Identifier: Apache-2.0
// Bounded packet generator on BPF_PROG_TEST_RUN live frames: no skb and no system call for each packet. The caller gives
// the template frame and the places that differ between flows; see perf/lab/fplab/traffic.py.
//
// usage: generator OBJECT DEVICE CPU SECONDS RATE FLOWS HEADER_BYTES ADDRESS_AT CHECKSUM_AT PORT_AT OUTER_PORT_AT FRAME
// RATE is packets a second, 0 for as many as possible; FRAME is hexadecimal, without FCS. Prints what was offered as JSON.
#define _GNU_SOURCE
#include <errno.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#define SECONDS_MAX 120
#define FRAME_MAX 3400 /* what one page of a live frame holds */
#define HEADER_WORDS 16
#define BATCH 64
#define PACKETS_PER_CALL 65536
#define CALLS_PER_SECOND 2000 /* when paced */

struct plan { // as in generator.bpf.c
    __u32 device, flows, header_bytes, address_at, checksum_at, port_at, outer_port_at, checksum;
    __u64 header[HEADER_WORDS];
};

static volatile sig_atomic_t stopped;

static void stop(int signal)
{
    (void)signal;
    stopped = 1;
}

static void fail(const char *what, int error)
{
    fprintf(stderr, "generator: %s: %s\n", what, strerror(error < 0 ? -error : error));
    exit(1);
}

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec * 1e-9;
}

static unsigned parse_frame(const char *hex, unsigned char *frame)
{
    unsigned length = strlen(hex) / 2;

    if (length < 42 || length > FRAME_MAX)
        fail("frame length", EINVAL);
    for (unsigned n = 0; n < length; n++)
        if (sscanf(hex + 2 * n, "%2hhx", frame + n) != 1)
            fail("frame", EINVAL);
    return length;
}

static struct bpf_object *load(const char *file, const struct plan *plan)
{
    struct bpf_object *object = bpf_object__open(file);
    struct bpf_map *map, *constants = NULL;

    if (!object)
        fail(file, errno);
    bpf_object__for_each_map(map, object)
        if (strstr(bpf_map__name(map), ".rodata"))
            constants = map;
    if (!constants || bpf_map__set_initial_value(constants, plan, sizeof *plan))
        fail("constants of the program", EINVAL);

    int error = bpf_object__load(object);

    if (error)
        fail("loading the program", error);
    return object;
}

static unsigned long long generate(int program, void *frame, unsigned length, double end, double rate)
{
    double start = now();
    unsigned long long sent = 0;
    unsigned packets = rate > 0 ? rate / CALLS_PER_SECOND : PACKETS_PER_CALL;

    packets = packets < BATCH ? BATCH : packets - packets % BATCH;
    while (!stopped && now() < end) {
        LIBBPF_OPTS(bpf_test_run_opts, run, .data_in = frame, .data_size_in = length, .repeat = packets,
                    .flags = BPF_F_TEST_XDP_LIVE_FRAMES, .batch_size = BATCH);
        int error = bpf_prog_test_run_opts(program, &run);

        if (error == -EINTR)
            continue;
        if (error)
            fail("BPF_PROG_TEST_RUN", error);
        sent += packets;
        while (rate > 0 && !stopped && now() < end && now() < start + sent / rate)
            ;
    }
    return sent;
}

int main(int argc, char **argv)
{
    static unsigned char frame[4096];

    if (argc != 13) {
        fprintf(stderr, "generator: 12 arguments, see the head of generator.c\n");
        return 2;
    }

    struct plan plan = {
        .device = if_nametoindex(argv[2]),
        .flows = atoi(argv[6]),
        .header_bytes = atoi(argv[7]),
        .address_at = atoi(argv[8]),
        .checksum_at = atoi(argv[9]),
        .port_at = atoi(argv[10]),
        .outer_port_at = atoi(argv[11]),
    };
    unsigned length = parse_frame(argv[12], frame);
    double seconds = atof(argv[4]), rate = atof(argv[5]);

    if (!plan.device || !plan.flows || !(seconds > 0 && seconds <= SECONDS_MAX) || plan.header_bytes > length
        || plan.header_bytes > sizeof plan.header || plan.checksum_at + 2 > length)
        fail("arguments", EINVAL);
    plan.checksum = frame[plan.checksum_at] << 8 | frame[plan.checksum_at + 1];
    memcpy(plan.header, frame, plan.header_bytes);

    cpu_set_t cpus;

    CPU_ZERO(&cpus);
    CPU_SET(atoi(argv[3]), &cpus);
    if (sched_setaffinity(0, sizeof cpus, &cpus))
        fail("pinning", errno);
    signal(SIGTERM, stop);
    signal(SIGINT, stop);

    struct bpf_object *object = load(argv[1], &plan);
    int program = bpf_program__fd(bpf_object__find_program_by_name(object, "generate"));
    // Each test run puts the program into the XDP dispatcher and takes it out again, which waits for an RCU grace period.
    // A program that is attached somewhere is in the dispatcher already: park it on this namespace's loopback device.
    int loopback = if_nametoindex("lo");

    if (bpf_xdp_attach(loopback, program, XDP_FLAGS_SKB_MODE, NULL))
        fprintf(stderr, "generator: not parked on lo; expect bursts with pauses\n");

    double start = now();
    unsigned long long sent = generate(program, frame, length, start + seconds, rate);
    double took = now() - start;

    bpf_xdp_detach(loopback, XDP_FLAGS_SKB_MODE, NULL);
    bpf_object__close(object);
    printf("{\"offered\":%llu,\"seconds\":%.4f,\"mpps\":%.4f}\n", sent, took, sent / took / 1e6);
    return 0;
}
