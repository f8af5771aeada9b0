using FastPath.Dataplane.Tables;
using Xunit;

namespace FastPath.Tests.Dataplane.Tables;

public sealed unsafe class TableMemoryTests
{
    [Theory]
    [InlineData(64, 128)]
    [InlineData(300_000, 128)]
    [InlineData(1 << 20, 2 << 20)]
    [InlineData((5 << 20) + 64, 2 << 20)]
    public void Is_zeroed_and_aligned_to_lines_or_huge_pages(int bytes, int alignment)
    {
        byte* memory = (byte*)TableMemory.Allocate((nuint)bytes);
        Assert.Equal(0, (nint)memory % alignment);
        bool isZero = true;
        for (int n = 0; n < bytes; n++)
        {
            isZero &= memory[n] == 0;
            memory[n] = 1;
        }

        Assert.True(isZero);
        TableMemory.Free(memory);
    }
}
