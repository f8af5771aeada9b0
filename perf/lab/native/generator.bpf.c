// SPDX-License-Identifier: Apache-2.0
// Makes each frame that BPF_PROG_TEST_RUN hands it one of the configured flows and sends it out of a device. Frames come
// back from earlier runs as the switch under test left them, so the headers are written whole each time.
#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define HEADER_WORDS 16 /* 128 bytes: outer and inner headers of a VXLAN frame */

struct plan {
    __u32 device;          // ifindex to send out of
    __u32 flows;           // 1..65536
    __u32 header_bytes;    // of the template that must be restored: a multiple of 8
    __u32 address_at;      // last byte of the IPv4 source address that tells flows apart
    __u32 checksum_at;     // checksum of that IPv4 header
    __u32 port_at;         // UDP source port that tells flows apart
    __u32 outer_port_at;   // outer UDP source port, 0 when there is none
    __u32 checksum;        // checksum with the address byte 0, as a number
    __u64 header[HEADER_WORDS];
};

const volatile struct plan plan = {};

__u32 next_flow;

static __always_inline int put16(void *data, void *end, __u32 at, __u16 value)
{
    if (at > 1024 || data + at + 2 > end)
        return -1;
    *(__u16 *)(data + at) = bpf_htons(value);
    return 0;
}

SEC("xdp")
int generate(struct xdp_md *ctx)
{
    void *data = (void *)(long)ctx->data;
    void *end = (void *)(long)ctx->data_end;

    for (int n = 0; n < HEADER_WORDS; n++) {
        if (n * 8 >= plan.header_bytes)
            break;
        if (data + (n + 1) * 8 > end)
            return XDP_ABORTED;
        ((__u64 *)data)[n] = plan.header[n];
    }

    __u32 flow = next_flow++;

    if (next_flow >= plan.flows)
        next_flow = 0;

    // The source's last byte changes; RFC 1624 equation 3 with an old value of 0.
    __u32 sum = (__u16)~plan.checksum + (flow & 0xff);

    sum = (sum & 0xffff) + (sum >> 16);
    if (plan.address_at > 1024 || data + plan.address_at + 1 > end)
        return XDP_ABORTED;
    *(__u8 *)(data + plan.address_at) = flow;
    if (put16(data, end, plan.checksum_at, ~sum) || put16(data, end, plan.port_at, 1024 + flow))
        return XDP_ABORTED;
    if (plan.outer_port_at && put16(data, end, plan.outer_port_at, 49152 + (flow & 16383)))
        return XDP_ABORTED;
    return bpf_redirect(plan.device, 0);
}

char _license[] SEC("license") = "Dual BSD/GPL";
