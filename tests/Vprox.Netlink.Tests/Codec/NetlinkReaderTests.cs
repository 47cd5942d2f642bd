using CsCheck;

namespace Vprox.Netlink.Tests.Codec;

public sealed class NetlinkReaderTests
{
    [Fact]
    public void What_was_written_is_read_back()
    {
        Gen.Select(Gen.Int[0, 0x3fff], Gen.Byte.Array[0, 40]).List[0, 20].Sample(attributes =>
        {
            var writer = new NetlinkWriter();
            foreach (var (type, payload) in attributes)
                writer.Bytes(type, payload);

            var read = new List<(int, byte[])>();
            foreach (var attribute in new NetlinkReader(writer.Written))
                read.Add((attribute.Type, attribute.Payload.ToArray()));

            return read.Count == attributes.Count
                && read.Zip(attributes).All(pair => pair.First.Item1 == pair.Second.Item1 && pair.First.Item2.SequenceEqual(pair.Second.Item2));
        });
    }

    [Theory]
    [InlineData("00000100")] // an attribute of length zero would be read for ever
    [InlineData("03000100")] // shorter than its own header
    [InlineData("09000100aabbccdd")] // longer than what is there
    [InlineData("ffff0100")]
    [InlineData("0400010004")] // bytes left over
    public void Impossible_lengths_are_refused(string hex)
    {
        var bytes = Convert.FromHexString(hex);
        Assert.Throws<NetlinkException>(() => Count(bytes));
    }

    [Fact]
    public void A_number_of_another_size_is_refused()
    {
        var writer = new NetlinkWriter();
        writer.U16(9, 1);
        var thrown = Assert.Throws<NetlinkException>(() =>
        {
            foreach (var attribute in new NetlinkReader(writer.Written))
                attribute.U32();
        });

        Assert.Equal("netlink attribute 9 has 2 bytes instead of 4", thrown.Message);
    }

    [Fact]
    public void Random_bytes_are_read_or_refused_and_nothing_else() => Gen.Byte.Array[0, 400].Sample(OnlyNetlinkExceptions, iter: 20_000);

    [Fact]
    public void Damaged_messages_are_read_or_refused_and_nothing_else()
    {
        var whole = WholeMessage();
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte, Gen.Int[0, whole.Length]).List[1, 4].Sample(
            damages =>
            {
                var bytes = (byte[])whole.Clone();
                foreach (var (at, value, _) in damages)
                    bytes[at] = value;
                OnlyNetlinkExceptions(bytes[..damages[0].Item3]);
            },
            iter: 20_000);
    }

    private static byte[] WholeMessage()
    {
        var writer = new NetlinkWriter();
        new AddVeth("va", "vb") { Mtu = 1400 }.ToMessage().AppendTo(writer, 1, 0);
        return writer.Written.ToArray();
    }

    private static void OnlyNetlinkExceptions(byte[] bytes)
    {
        var message = new NetlinkMessage(0, 0, 0, bytes);
        foreach (var read in (Action[])
        [
            () => Count(bytes),
            () => CountMessages(bytes),
            () => RouteNetlink.ReadLink(message),
            () => RouteNetlink.ReadAddress(message),
            () => RouteNetlink.ReadRoute(message),
            () => RouteNetlink.ReadRule(message),
            () => RouteNetlink.ReadNeighbor(message),
            () => RouteMonitor.Read(bytes),
            () => Acknowledgement.Read("ip", Interop.NLMSG_ERROR, Interop.NLM_F_ACK_TLVS, bytes),
            () => Acknowledgement.Read("ip", Interop.NLMSG_ERROR, Interop.NLM_F_ACK_TLVS | Interop.NLM_F_CAPPED, bytes),
            () => Acknowledgement.Read("ip", Interop.NLMSG_DONE, Interop.NLM_F_ACK_TLVS, bytes),
        ])
        {
            try
            {
                read();
            }
            catch (NetlinkException)
            {
                // Refused.
            }
        }
    }

    private static int Count(ReadOnlySpan<byte> bytes)
    {
        var count = 0;
        foreach (var attribute in new NetlinkReader(bytes))
        {
            count++;
            foreach (var nested in attribute.Nested())
                count += nested.Text().Length;
        }
        return count;
    }

    private static int CountMessages(ReadOnlySpan<byte> bytes)
    {
        var count = 0;
        var reader = new NetlinkMessageReader(bytes);
        while (reader.MoveNext())
            count += reader.Payload.Length;
        return count;
    }
}
