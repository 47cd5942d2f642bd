namespace Vprox.Netlink.Tests.Live;

public sealed class GenericNetlinkTests
{
    private const byte GetFamily = 3;
    private const int FamilyName = 2;

    [Fact]
    public void A_family_is_found_by_name_and_one_that_the_kernel_lacks_is_null()
    {
        using var generic = GenericNetlink.Open();

        Assert.Equal(16, generic.Family("nlctrl")!.Id);
        Assert.Null(generic.Family("nosuchfamily"));
    }

    [Fact]
    public void A_dump_lists_all_families()
    {
        using var generic = GenericNetlink.Open();

        var names = generic.Dump(generic.Family("nlctrl")!, GetFamily, "genl ctrl list", _ => { }).Select(Name);

        Assert.Contains("nlctrl", names);
    }

    [Fact]
    public void A_refused_request_says_what_was_asked_and_why()
    {
        using var generic = GenericNetlink.Open();
        var control = generic.Family("nlctrl")!;

        var thrown = Assert.Throws<NetlinkException>(
            () => generic.Request(control, GetFamily, "genl ctrl get name nosuchfamily", writer => writer.Text(FamilyName, "nosuchfamily")));

        Assert.Equal(Errno.ENOENT, thrown.Errno);
        Assert.StartsWith("genl ctrl get name nosuchfamily: ", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_attribute_is_named_by_its_offset_and_the_kernels_words()
    {
        using var generic = GenericNetlink.Open();
        var control = generic.Family("nlctrl")!;

        var thrown = Assert.Throws<NetlinkException>(() => generic.Request(control, GetFamily, "genl", writer => writer.U8(1, 1)));

        Assert.NotNull(thrown.Error!.KernelMessage);
        Assert.Equal(20, thrown.Error.Offset);
    }

    private static string? Name(ReadOnlyMemory<byte> attributes)
    {
        foreach (var attribute in new NetlinkReader(attributes.Span))
        {
            if (attribute.Type == FamilyName)
                return attribute.Text();
        }
        return null;
    }
}
