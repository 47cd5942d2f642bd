using System.Net;

namespace Vprox.Netlink.Tests.Codec;

public sealed class NetlinkWriterTests
{
    private readonly NetlinkWriter _writer = new();

    private string Hex => Convert.ToHexStringLower(_writer.Written);

    [Fact]
    public void Attributes_are_padded_to_four_bytes_with_zeros()
    {
        _writer.U8(1, 0xab);
        _writer.U16(2, 0x1234);
        _writer.U32(3, 0x12345678);
        _writer.U64(4, 0x0102030405060708);
        _writer.Text(5, "lo");
        _writer.Flag(6);
        _writer.Address(7, IPAddress.Parse("10.0.0.1"));

        Assert.Equal(
            "05000100ab000000" + "0600020034120000" + "0800030078563412" + "0c0004000807060504030201" + "070005006c6f0000" + "04000600" + "080007000a000001",
            Hex);
    }

    [Fact]
    public void Padding_is_zero_also_where_an_earlier_message_was()
    {
        _writer.Bytes(1, [0xff, 0xff, 0xff, 0xff]);
        _writer.Clear();

        _writer.U8(1, 1);

        Assert.Equal("0500010001000000", Hex);
    }

    [Fact]
    public void Nested_attributes_have_the_length_of_all_that_is_inside()
    {
        using (_writer.Nested(1))
        {
            using (_writer.Nested(2, flag: false))
                _writer.U8(3, 1);
            _writer.Flag(4);
        }

        Assert.Equal("14000180" + "0c000200" + "0500030001000000" + "04000400", Hex);
    }

    [Fact]
    public void A_payload_that_its_length_field_cannot_tell_is_refused()
    {
        Assert.Throws<ArgumentException>(() => _writer.Bytes(1, new byte[65_532]));
        Assert.Throws<ArgumentException>(() =>
        {
            using var nested = _writer.Nested(1);
            _writer.Bytes(2, new byte[65_000]);
            _writer.Bytes(2, new byte[65_000]);
        });
    }

    [Fact]
    public void Text_with_a_NUL_inside_is_refused() => Assert.Throws<ArgumentException>(() => _writer.Text(1, "vp\0evil"));

    [Theory]
    [InlineData("")]
    [InlineData("sixteen-letters-")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("vp%d")]
    [InlineData("a b")]
    public void Names_that_no_link_can_have_never_reach_the_kernel(string name)
    {
        Assert.Throws<ArgumentException>(() => new AddLink(name, LinkKind.Bridge).Write(_writer));
        Assert.Throws<ArgumentException>(() => new DeleteLink(name).Write(_writer));
        Assert.Throws<ArgumentException>(() => new SetLink(name));
    }
}
