using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using CsCheck;
using FastPath.Net;
using Xunit;

namespace FastPath.Tests.Net;

/// <summary>U16Be, U32Be and U64Be against the framework's readers, at odd addresses too.</summary>
public sealed class BigEndianTests
{
    [Fact]
    public void Numbers_lie_in_memory_as_on_the_wire() =>
        Gen.Select(Gen.Byte.Array[16], Gen.Int[0, 7]).Sample((bytes, at) =>
        {
            Assert.Equal(BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(at)),
                (ushort)Wire.Read<U16Be>(bytes.AsSpan(at)));
            Assert.Equal(BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at)),
                (uint)Wire.Read<U32Be>(bytes.AsSpan(at)));
            Assert.Equal(BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(at)),
                (ulong)Wire.Read<U64Be>(bytes.AsSpan(at)));
        });

    [Fact]
    public void What_is_written_comes_back() =>
        Gen.Select(Gen.UShort, Gen.UInt, Gen.ULong).Sample((small, middle, large) =>
    {
        Assert.Equal(small, (ushort)(U16Be)small);
        Assert.Equal(middle, (uint)(U32Be)middle);
        Assert.Equal(large, (ulong)(U64Be)large);
    });

    [Fact]
    public void They_are_as_large_as_their_numbers()
    {
        Assert.Equal(2, Unsafe.SizeOf<U16Be>());
        Assert.Equal(4, Unsafe.SizeOf<U32Be>());
        Assert.Equal(8, Unsafe.SizeOf<U64Be>());
    }

    [Fact]
    public void Equal_numbers_are_equal()
    {
        Assert.Equal((U16Be)(ushort)0x1234, (U16Be)(ushort)0x1234);
        Assert.NotEqual((U16Be)(ushort)0x1234, (U16Be)(ushort)0x3412);
    }
}
