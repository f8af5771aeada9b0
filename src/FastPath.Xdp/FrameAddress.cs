
namespace FastPath.Xdp;

/// <summary>
/// Where a chunk of packet memory starts: UMEM number in bits 32..39, byte offset inside that UMEM below.
/// An index, never a pointer. Owning one is owning the chunk.
/// </summary>
[Shared]
public readonly record struct FrameAddress(ulong Value)
{
    internal const int UmemShift = 32;

    /// <summary>Number of the UMEM, 0..255.</summary>
    public int Umem => (int)(Value >> UmemShift);

    /// <summary>Bytes from the start of the UMEM to the start of the chunk.</summary>
    public uint Offset => (uint)Value;

    internal static FrameAddress At(int umem, uint offset) => new(((ulong)umem << UmemShift) | offset);
}
