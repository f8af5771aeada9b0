// SPDX-License-Identifier: Apache-2.0
// Dedicated port: every frame goes to the AF_XDP socket of its queue. Without a socket the frame is dropped, never
// passed: the switch end of a container's veth must not leak tenant frames into the host's stack (fail closed).
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define QUEUES_MAX 64

struct {
    __uint(type, BPF_MAP_TYPE_XSKMAP);
    __uint(max_entries, QUEUES_MAX);
    __type(key, __u32);
    __type(value, __u32);
} fp_sockets SEC(".maps");

// The loader adds frags where the kernel has them: packets may span several buffers (MTU above 3,506 on veth).
SEC("xdp")
int fp_port(struct xdp_md *ctx)
{
    return bpf_redirect_map(&fp_sockets, ctx->rx_queue_index, XDP_DROP);
}

char _license[] SEC("license") = "Dual BSD/GPL";
