using static Vprox.Netlink.Tests.Transport.FakeKernel;

namespace Vprox.Netlink.Tests.Transport;

public sealed class NetlinkConnectionTests
{
    private const ushort Entry = 24;

    private static readonly NetlinkRequest Request = new("ip route show", 26, 0, _ => { });

    [Fact]
    public void A_dump_that_was_interrupted_is_read_again_from_its_start()
    {
        var kernel = new FakeKernel((send, sequences) =>
        [
            () => Message(sequences[0], Entry, send == 0 ? Interop.NLM_F_DUMP_INTR : (ushort)0, (byte)send),
            () => Done(sequences[0]),
        ]);
        using var connection = new NetlinkConnection(kernel);

        var entry = Assert.Single(connection.Dump(Request));

        Assert.Equal(1, entry.Payload[0]);
        Assert.Equal(2, kernel.Sends);
    }

    [Fact]
    public void An_interruption_told_at_the_end_counts_too()
    {
        var kernel = new FakeKernel((send, sequences) => [() => Done(sequences[0], send < 3 ? Interop.NLM_F_DUMP_INTR : (ushort)0)]);
        using var connection = new NetlinkConnection(kernel);

        connection.Dump(Request);

        Assert.Equal(4, kernel.Sends);
    }

    [Fact]
    public void A_dump_of_which_a_part_was_lost_is_read_again()
    {
        var kernel = new FakeKernel((send, sequences) => send == 0
            ? [() => Message(sequences[0], Entry, 0, 1), Overrun, () => Done(sequences[0])]
            : [() => Message(sequences[0], Entry, 0, 1), () => Message(sequences[0], Entry, 0, 2), () => Done(sequences[0])]);
        using var connection = new NetlinkConnection(kernel);

        Assert.Equal(2, connection.Dump(Request).Count);
    }

    [Fact]
    public void A_table_that_never_holds_still_is_an_error_and_no_endless_loop()
    {
        var kernel = new FakeKernel((_, sequences) => [() => Done(sequences[0], Interop.NLM_F_DUMP_INTR)]);
        using var connection = new NetlinkConnection(kernel);

        var thrown = Assert.Throws<NetlinkException>(() => connection.Dump(Request));

        Assert.Equal($"ip route show: the table changed during each of {NetlinkConnection.DumpAttempts} reads", thrown.Message);
        Assert.Equal(NetlinkConnection.DumpAttempts, kernel.Sends);
    }

    [Fact]
    public void A_dump_goes_on_over_several_datagrams_with_several_messages()
    {
        var kernel = new FakeKernel((_, sequences) =>
        [
            () => [.. Message(sequences[0], Entry, 0, 1), .. Message(sequences[0], Entry, 0, 2)],
            () => [.. Message(sequences[0], Entry, 0, 3), .. Done(sequences[0])],
        ]);
        using var connection = new NetlinkConnection(kernel);

        Assert.Equal([1, 2, 3], connection.Dump(Request).Select(message => message.Payload[0]));
    }

    [Fact]
    public void Late_answers_to_an_earlier_request_are_not_taken_for_this_one()
    {
        var kernel = new FakeKernel((_, sequences) =>
        [
            () => Acknowledge(sequences[0] - 1, Errno.EPERM),
            () => Acknowledge(sequences[0] + 1, Errno.EPERM),
            () => Acknowledge(sequences[0]),
        ]);
        using var connection = new NetlinkConnection(kernel);

        Assert.Null(connection.Execute(Request).Error);
    }

    [Fact]
    public void Each_request_of_a_batch_gets_its_own_answer_in_whatever_order()
    {
        var kernel = new FakeKernel((_, sequences) =>
        [
            () => [.. Acknowledge(sequences[2], Errno.EEXIST, "in the way"), .. Acknowledge(sequences[0])],
            () => Acknowledge(sequences[1], Errno.ESRCH),
        ]);
        using var connection = new NetlinkConnection(kernel);

        var replies = connection.Execute([Request, Request, Request]);

        Assert.Equal([Errno.None, Errno.ESRCH, Errno.EEXIST], replies.Select(reply => reply.Error?.Errno ?? Errno.None));
        Assert.Equal("ip route show: in the way (EEXIST, errno 17, at offset 20 of the request)", replies[2].Error!.ToString());
    }

    [Fact]
    public void A_large_batch_goes_in_parts_whose_answers_fit_the_receive_buffer()
    {
        var kernel = new FakeKernel((_, sequences) => sequences.Select(sequence => (Func<byte[]>)(() => Acknowledge(sequence))));
        using var connection = new NetlinkConnection(kernel);

        var replies = connection.Execute([.. Enumerable.Repeat(Request, 1000)]);

        Assert.Equal(1000, replies.Count(reply => reply.Error is null));
        Assert.Equal(8, kernel.Sends);
    }

    [Fact]
    public void Silence_is_an_error_and_no_hang()
    {
        using var connection = new NetlinkConnection(new FakeKernel((_, _) => []));

        Assert.Equal(Errno.EAGAIN, Assert.Throws<NetlinkException>(() => connection.Execute(Request)).Errno);
    }

    [Fact]
    public void An_error_that_echoes_the_request_is_read_behind_the_echo()
    {
        var attributes = new NetlinkWriter();
        attributes.Text(Interop.NLMSGERR_ATTR_MSG, "behind");
        byte[] echo = [20, 0, 0, 0, .. new byte[16]];

        var error = Acknowledgement.Read("ip", Interop.NLMSG_ERROR, Interop.NLM_F_ACK_TLVS, [.. BitConverter.GetBytes(-22), .. echo, .. attributes.Written]);

        Assert.Equal("ip: behind (EINVAL, errno 22)", error!.ToString());
    }
}
