using FastPath.Xdp;
using Xunit;

namespace FastPath.Tests.Xdp;

public sealed class DescriptorAddressTests
{
    [Theory]
    [InlineData(4032, KernelFeature.UnalignedChunks)]
    [InlineData(2304, KernelFeature.UnalignedChunks)]
    [InlineData(4096, KernelFeature.None)]
    [InlineData(2048, KernelFeature.None)]
    public void Every_address_that_is_sent_is_found_again(int chunkBytes, KernelFeature granted)
    {
        using Umem umem = Umem.Create(new UmemOptions(1024, chunkBytes));
        DescriptorAddress address = new(umem, granted);
        for (uint index = 0; index < 1024; index += 31)
        {
            foreach (int offset in new[] { 0, 1, 256, chunkBytes - 1 })
            {
                Assert.True(address.TryFind(address.Of(umem.At(index), offset), out FrameAddress chunk, out ushort found));
                Assert.Equal(umem.At(index), chunk);
                Assert.Equal(offset, found);
            }
        }
    }

    [Theory]
    [InlineData(4032, KernelFeature.UnalignedChunks, 1UL)]
    [InlineData(4032, KernelFeature.UnalignedChunks, 1024UL * 4032)]
    [InlineData(4032, KernelFeature.UnalignedChunks, 0xFFFF_FFFF_FFFFUL)]
    [InlineData(4096, KernelFeature.None, 1024UL * 4096)]
    [InlineData(4096, KernelFeature.None, ulong.MaxValue)]
    public void An_address_outside_is_found_to_be_none_of_ours(int chunkBytes, KernelFeature granted, ulong strange)
    {
        using Umem umem = Umem.Create(new UmemOptions(1024, chunkBytes));
        Assert.False(new DescriptorAddress(umem, granted).TryFind(strange, out _, out _));
    }
}
