using System.Runtime.InteropServices;

namespace FastPath.Net;

/// <summary>TCP header without options (RFC 9293 section 3.1).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct TcpHeader
{
    public const int Size = 20;
    public const int ChecksumOffset = 16;

    public U16Be SourcePort;
    public U16Be DestinationPort;
    public U32Be Sequence;
    public U32Be Acknowledgment;
    private U16Be _offsetAndFlags;
    public U16Be Window;
    public U16Be Checksum;
    public U16Be UrgentPointer;

    /// <summary>Bytes of the header with options, 0..60; below 20 is malformed.</summary>
    public readonly int HeaderLength => (_offsetAndFlags >> 12) * 4;

    public TcpFlags Flags
    {
        readonly get => (TcpFlags)(byte)(ushort)_offsetAndFlags;
        set => _offsetAndFlags = (ushort)((_offsetAndFlags & 0xFF00) | (byte)value);
    }

    /// <summary>Sets the header's length in bytes and its flags.</summary>
    public void SetLengthAndFlags(int bytes, TcpFlags flags) =>
        _offsetAndFlags = (ushort)((bytes / 4 << 12) | (byte)flags);
}

/// <summary>TCP control bits (RFC 9293 section 3.1).</summary>
[System.Flags]
public enum TcpFlags : byte
{
    None = 0,
    Fin = 1,
    Syn = 2,
    Rst = 4,
    Psh = 8,
    Ack = 16,
    Urg = 32,
    Ece = 64,
    Cwr = 128,
}
