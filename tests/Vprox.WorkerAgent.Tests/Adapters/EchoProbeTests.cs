using Vprox.WorkerAgent.Adapters.Nodes;

namespace Vprox.WorkerAgent.Tests.Adapters;

public sealed class EchoProbeTests
{
    // ping -e 4660 -c 1 -s 0, tcpdump -x: type 8, code 0, checksum, id 0x1234, sequence 1.
    [Fact]
    public void A_request_is_as_ping_sends_it() => Assert.Equal("0800E5CA12340001", Convert.ToHexString(EchoProbe.Request(0x1234, 1)));

    [Theory]
    [InlineData("45000000000000000000000000000000000000000000EDCA12340001", true)]
    [InlineData("4600000000000000000000000000000000000000000000000000EDCA12340001", true)]
    [InlineData("45000000000000000000000000000000000000000000EDC812340003", false)]
    [InlineData("45000000000000000000000000000000000000000000668599990001", false)]
    [InlineData("45000000000000000000000000000000000000000800E5CA12340001", false)]
    [InlineData("4500000000000000000000000000000000000000", false)]
    [InlineData("4F00", false)]
    [InlineData("", false)]
    public void Only_an_answer_to_our_own_request_counts(string datagram, bool counts) =>
        Assert.Equal(counts, EchoProbe.IsReply(Convert.FromHexString(datagram), 0x1234, 2));

    [Theory]
    [InlineData("0000EDCA99990001", true)]
    [InlineData("0000EDC812340003", false)]
    [InlineData("0800E5CA12340001", false)]
    [InlineData("0000EDCA", false)]
    [InlineData("", false)]
    public void A_ping_socket_gives_its_own_answers_without_an_IP_header(string message, bool counts) =>
        Assert.Equal(counts, EchoProbe.IsReply(Convert.FromHexString(message), 2));
}
