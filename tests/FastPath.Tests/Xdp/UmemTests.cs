using System;
using System.Collections.Generic;
using FastPath.Xdp;
using Xunit;

namespace FastPath.Tests.Xdp;

public sealed class UmemTests
{
    [Theory]
    [InlineData(1024, 4032)]
    [InlineData(1024, 2304)]
    [InlineData(1024, 4096)]
    [InlineData(16_384, 4032)]
    public void Every_address_of_a_chunk_finds_its_index(int count, int bytes)
    {
        using Umem umem = Umem.Create(new UmemOptions(count, bytes));
        for (uint index = 0; index < count; index++)
        {
            FrameAddress chunk = umem.At(index);
            Assert.Equal(index, umem.IndexOf(chunk));
            Assert.Equal(index, umem.IndexOf(new FrameAddress(chunk.Offset + (uint)bytes - 1)));
        }
    }

    [Fact]
    public void Hands_out_each_chunk_once_and_takes_it_back()
    {
        using Umem umem = Umem.Create(new UmemOptions(1024));
        HashSet<ulong> seen = [];
        while (umem.TryTake(out FrameAddress chunk))
            Assert.True(seen.Add(chunk.Value));
        Assert.Equal(1024, seen.Count);
        foreach (ulong value in seen)
            umem.Release(new FrameAddress(value));
        Assert.Equal(1024, umem.FreeCount);
    }

    [Fact]
    public void A_chunk_with_two_holders_is_freed_by_the_second()
    {
        using Umem umem = Umem.Create(new UmemOptions(1024));
        Assert.True(umem.TryTake(out FrameAddress chunk));
        umem.Entry(chunk).References++;
        umem.Release(chunk);
        Assert.Equal(1023, umem.FreeCount);
        umem.Release(chunk);
        Assert.Equal(1024, umem.FreeCount);
        Assert.ThrowsAny<Exception>(() => umem.Release(chunk));
    }

    [Fact]
    public void A_packet_of_several_chunks_comes_home_whole()
    {
        using Umem umem = Umem.Create(new UmemOptions(1024));
        umem.TryTake(out FrameAddress first);
        umem.TryTake(out FrameAddress second);
        umem.TryTake(out FrameAddress third);
        umem.Entry(first).Next = umem.IndexOf(second) + 1;
        umem.Entry(second).Next = umem.IndexOf(third) + 1;
        umem.ReleasePacket(first);
        Assert.Equal(1024, umem.FreeCount);
    }

    [Fact]
    public void The_memory_file_can_be_mapped_again_with_its_owners()
    {
        using Umem umem = Umem.Create(new UmemOptions(1024));
        umem.TryTake(out FrameAddress chunk);
        umem.Bytes(chunk, 256, 4).Fill(0xAB);
        umem.Entry(chunk).Owner = FrameOwner.Transmit;

        using Umem adopted = Umem.Adopt(umem.Descriptor);
        adopted.RebuildFreeList();
        Assert.Equal(1023, adopted.FreeCount);
        FrameAddress same = adopted.At(umem.IndexOf(chunk));
        Assert.Equal(FrameOwner.Transmit, adopted.Entry(same).Owner);
        Assert.Equal(0xAB, adopted.Bytes(same, 256, 4)[3]);
    }

    [Fact]
    public void Bytes_never_leave_their_chunk()
    {
        using Umem umem = Umem.Create(new UmemOptions(1024));
        umem.TryTake(out FrameAddress chunk);
        Assert.ThrowsAny<Exception>(() => umem.Bytes(chunk, 4000, 33));
        Assert.ThrowsAny<Exception>(() => umem.Bytes(chunk, -1, 2));
    }

    [Theory]
    [InlineData(16_384, 4000)]
    [InlineData(16_384, 8192)]
    [InlineData(1000, 4032)]
    [InlineData(1 << 20, 4032)]
    public void Sizes_out_of_range_are_refused(int count, int bytes) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Umem.Create(new UmemOptions(count, bytes)));
}
