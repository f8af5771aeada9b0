namespace FastPath.Dataplane;

/// <summary>
/// Every bound of the data plane, with its reason. Relations between them are asserted where they are used.
/// </summary>
public static class Limits
{
    /// <summary>Packets in a batch: one bit each in a 64-bit set (decision 0002).</summary>
    public const int BatchPackets = 64;

    /// <summary>Nodes in a graph: an edge is one byte.</summary>
    public const int NodesMax = 256;

    /// <summary>
    /// Times one packet may go back in the graph: a tunnel, an echo of what came out, a wait for a neighbor, and one
    /// spare.
    /// </summary>
    public const int DepthMax = 4;

    /// <summary>Ports, tunnels and bridge interfaces: they share one 16-bit number space.</summary>
    public const int PortsMax = 4096;

    /// <summary>
    /// Packets given to a port before it transmits: a batch, so that as many as came together share a system call.
    /// </summary>
    public const int TransmitFlush = BatchPackets;

    /// <summary>
    /// Frames in flight for each transmit socket (decision 0005): keeps the share of one port bounded.
    /// </summary>
    public const int TransmitInFlight = 128;

    /// <summary>
    /// Copies and own packets waiting for the next batch of a worker; a flood to 110 ports fits nine times.
    /// </summary>
    public const int PendingMax = 1024;

    /// <summary>Bytes in front of a received packet: kernel headroom, 24 of them TX metadata, 50 for VXLAN.</summary>
    public const int Headroom = 256;

    /// <summary>Bytes of TX metadata in front of a transmitted packet (struct xsk_tx_metadata).</summary>
    public const int TransmitMetadata = 24;

    /// <summary>
    /// Bytes of a packet that the smallest chunk (2,048) holds after the headroom: what lies behind them in a longer
    /// packet is read by nobody as a header.
    /// </summary>
    public const int ChunkPayloadMin = 2048 - Headroom;

    /// <summary>Largest packet a port takes: length is 16 bits and 50 bytes of encapsulation must still fit.</summary>
    public const int PacketBytesMax = 65_400;

    /// <summary>Neighbors a worker asks for at a time; a scan of a large network stops here.</summary>
    public const int QuestionsMax = 128;

    /// <summary>Packets that wait for neighbors in one worker, and for each of them.</summary>
    public const int HeldMax = 512;

    public const int HeldPerNeighbor = 16;

    /// <summary>
    /// Time between two questions for one neighbor (RFC 4861 section 10, RETRANS_TIMER) and how many are asked.
    /// </summary>
    public const long QuestionNanoseconds = 1_000_000_000;

    public const int QuestionsPerNeighbor = 3;

    /// <summary>ICMP errors a worker sends: so many a second, and so many at once (RFC 1812 section 4.3.2.8).</summary>
    public const int IcmpErrorsPerSecond = 1000;

    public const int IcmpErrorsBurst = 50;

    /// <summary>Bytes of an ICMPv4 error with what it quotes (RFC 1812 section 4.3.2.3).</summary>
    public const int Icmp4ErrorBytes = 576;

    /// <summary>Bytes of an ICMPv6 error (RFC 4443 section 2.4 c): the minimum MTU.</summary>
    public const int Icmp6ErrorBytes = 1280;

    /// <summary>Hops of packets that FastPath makes itself.</summary>
    public const byte OwnTimeToLive = 64;

    /// <summary>Seconds after which a neighbor that was not heard of is asked again.</summary>
    public const uint NeighborFreshSeconds = 60;

    /// <summary>Seconds after which a neighbor that nothing confirmed is forgotten.</summary>
    public const uint NeighborAgeSeconds = 300;

    /// <summary>Requests of the control plane that may wait for one worker.</summary>
    public const int CommandsMax = 1024;

    /// <summary>
    /// Neighbors on kernel-owned links that one worker may ask for before the control plane has looked.
    /// </summary>
    public const int OutboxMax = 256;

    /// <summary>Workers: a set of them is one 64-bit word, and each pair has its own rings.</summary>
    public const int WorkersMax = 16;

    /// <summary>Packets on their way from one worker to one other: four batches.</summary>
    public const int HandoffMax = 256;

    /// <summary>Learn events on their way from one worker to one other; a lost one costs one more flood.</summary>
    public const int LearnEventsMax = 512;

    /// <summary>Steps of all feature chains of a generation together: a position is one byte of the packet.</summary>
    public const int FeatureStepsMax = 256;

    /// <summary>Slots of a table that are aged in one go, at least.</summary>
    public const int AgeSlice = 4096;

    /// <summary>Slices of a table, one each second: a neighbor is asked again in time (NeighborFreshSeconds).</summary>
    public const int AgeSlicesMax = 64;
}
