using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FastPath.Net;

/// <summary>
/// Lays header structs over bytes. Headers may lie at odd addresses: FastPath supports processors that read those (x64,
/// arm64) and no others.
/// </summary>
public static class Wire
{
    /// <summary>The header at the start of the bytes, in place.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The bytes are too short; callers check lengths before.</exception>
    public static ref T Header<T>(Span<byte> bytes) where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes.Length, Unsafe.SizeOf<T>());
        // SAFETY: the length was compared with the struct's; header structs hold integers only.
        return ref Unsafe.As<byte, T>(ref MemoryMarshal.GetReference(bytes));
    }

    /// <summary>A copy of the header at the start of the bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The bytes are too short.</exception>
    public static T Read<T>(ReadOnlySpan<byte> bytes) where T : unmanaged => MemoryMarshal.Read<T>(bytes);

    /// <summary>The bytes of a header, in place.</summary>
    public static Span<byte> Bytes<T>(ref T header) where T : unmanaged =>
        MemoryMarshal.AsBytes(MemoryMarshal.CreateSpan(ref header, 1));
}
