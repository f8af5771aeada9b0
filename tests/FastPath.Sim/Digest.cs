using System;

namespace FastPath.Sim;

/// <summary>One number for everything a run has done (FNV-1a): equal runs have equal digests.</summary>
internal sealed class Digest
{
    private ulong _value = 0xCBF2_9CE4_8422_2325;

    public ulong Value => _value;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        foreach (byte octet in bytes)
            _value = (_value ^ octet) * 0x0000_0100_0000_01B3;
    }

    public void Add(long number) => Add(BitConverter.GetBytes(number));
}
