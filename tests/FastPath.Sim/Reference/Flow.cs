using System;

namespace FastPath.Sim.Reference;

/// <summary>One packet inside the reference switch, with what the rules need to know of its past.</summary>
internal sealed record Flow
{
    /// <summary>From the outermost header still in place: Ethernet in bridges, the network header in routing.</summary>
    public required byte[] Bytes { get; init; }

    /// <summary>Interface it came in by.</summary>
    public int From { get; init; }

    /// <summary>Its Ethernet destination was a group.</summary>
    public bool IsGroup { get; init; }

    /// <summary>Made by the switch.</summary>
    public bool IsOwn { get; init; }

    /// <summary>Spans several chunks: Ethernet padding behind it cannot be cut.</summary>
    public bool IsLong { get; init; }

    /// <summary>Times it went back in the graph.</summary>
    public int Depth { get; init; }

    /// <summary>Source of the Ethernet header that was taken off.</summary>
    public ulong EthernetSource { get; init; }

    public ulong DestinationMac => Reference.Bytes.Read(Bytes, 0, 6);

    public ulong SourceMac => Reference.Bytes.Read(Bytes, 6, 6);

    public int EtherType => Reference.Bytes.U16(Bytes, 12);
}

/// <summary>A frame that should leave by a port.</summary>
/// <param name="IsEncapsulated">Bytes 34 and 35, the UDP source port, are the switch's choice from 49152 to 65535.</param>
internal sealed record Output(int Port, byte[] Bytes, bool IsEncapsulated)
{
    public bool Matches(byte[] sent)
    {
        if (!IsEncapsulated)
            return Bytes.AsSpan().SequenceEqual(sent);
        return sent.Length == Bytes.Length && sent.AsSpan(0, 34).SequenceEqual(Bytes.AsSpan(0, 34))
            && Reference.Bytes.U16(sent, 34) >= 49152 && sent.AsSpan(36).SequenceEqual(Bytes.AsSpan(36));
    }
}
