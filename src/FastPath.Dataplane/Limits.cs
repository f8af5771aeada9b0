namespace FastPath.Dataplane;

/// <summary>Every bound of the data plane, with its reason. Relations between them are asserted where they are used.</summary>
public static class Limits
{
    /// <summary>Packets in a batch: one bit each in a 64-bit set (decision 0002).</summary>
    public const int BatchPackets = 64;

    /// <summary>Nodes in a graph: an edge is one byte.</summary>
    public const int NodesMax = 256;

    /// <summary>Times one packet may go back in the graph: a tunnel, an error about what came out, an echo, and one spare.</summary>
    public const int DepthMax = 4;

    /// <summary>Ports, tunnels and bridge interfaces: they share one 16-bit number space.</summary>
    public const int PortsMax = 4096;

    /// <summary>Packets given to a port before it transmits: fewer calls than one a packet, little added delay.</summary>
    public const int TransmitFlush = 32;

    /// <summary>Frames in flight for each transmit socket (decision 0005): keeps the share of one port bounded.</summary>
    public const int TransmitInFlight = 128;

    /// <summary>Copies and own packets waiting for the next batch of a worker; a flood to 110 ports fits nine times.</summary>
    public const int PendingMax = 1024;

    /// <summary>Bytes in front of a received packet: kernel headroom, 24 of them TX metadata, 50 for VXLAN.</summary>
    public const int Headroom = 256;

    /// <summary>Bytes of TX metadata in front of a transmitted packet (struct xsk_tx_metadata).</summary>
    public const int TransmitMetadata = 24;

    /// <summary>Bytes of a packet that must lie in the first chunk before a node may touch them.</summary>
    public const int HeadersMax = 1024;

    /// <summary>Bytes of a packet that the smallest chunk (2,048) holds after the headroom.</summary>
    public const int ChunkPayloadMin = 2048 - Headroom;

    /// <summary>Largest packet a port takes: length is 16 bits and 50 bytes of encapsulation must still fit.</summary>
    public const int PacketBytesMax = 65_400;
}
