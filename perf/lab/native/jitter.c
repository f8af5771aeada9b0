// SPDX-License-Identifier: Apache-2.0
// How long this machine keeps a busy thread from running: reads the clock without end on one processor and prints the longest
// time between two readings, in nanoseconds, once a second. What a worker's gaps are compared with.
// Usage: jitter PROCESSOR SECONDS
#define _GNU_SOURCE
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static uint64_t now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static uint64_t longest_gap(uint64_t until)
{
    uint64_t longest = 0;
    uint64_t before = now();

    while (before < until) {
        uint64_t after = now();

        if (after - before > longest)
            longest = after - before;
        before = after;
    }

    return longest;
}

int main(int argc, char **argv)
{
    cpu_set_t processors;

    if (argc != 3) {
        fprintf(stderr, "usage: jitter PROCESSOR SECONDS\n");
        return 1;
    }

    CPU_ZERO(&processors);
    CPU_SET(atoi(argv[1]), &processors);
    if (sched_setaffinity(0, sizeof(processors), &processors) != 0) {
        perror("sched_setaffinity");
        return 2;
    }

    uint64_t start = now();

    for (int second = 1; second <= atoi(argv[2]); second++) {
        printf("%llu\n", (unsigned long long)longest_gap(start + (uint64_t)second * 1000000000u));
        fflush(stdout);
    }

    return 0;
}
