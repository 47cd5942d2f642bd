using Vprox.Cli.Connect;

namespace Vprox.Cli.Tests.Connect;

public sealed class ReconnectPaceTests
{
    private static readonly ServerClient.Reply Agreed = new ServerClient.Reply.Agreed(null!);
    private static readonly ServerClient.Reply Unheard = new ServerClient.Reply.Failed("no answer in time", null, Final: false, Heard: false);
    private static readonly ServerClient.Reply WrongPassword = new ServerClient.Reply.Failed("wrong", null, Final: true);

    private static ServerClient.Reply.Failed Busy(double? seconds) =>
        new ServerClient.Reply.Failed("busy", seconds is null ? null : TimeSpan.FromSeconds(seconds.Value), Final: false);

    private static double[] Waits(ServerClient.Reply reply, double spread, params int[] attempts) =>
        [.. attempts.Select(attempt => ReconnectPace.Wait(reply, attempt, spread).TotalSeconds)];

    [Fact]
    public void A_server_that_answers_in_vain_is_asked_ever_less_often_whether_it_agrees_or_not()
    {
        foreach (var reply in (ServerClient.Reply[])[Agreed, Busy(null)])
            Assert.Equal([0.25, 0.5, 1, 2, 4, 8, 10, 10], Waits(reply, 1, 1, 2, 3, 4, 5, 6, 7, 1000));
    }

    [Fact]
    public void The_first_wait_is_short() => Assert.All((ServerClient.Reply[])[Agreed, Busy(null), Unheard], reply => Assert.InRange(ReconnectPace.Wait(reply, 1, 0.5).TotalSeconds, 0.125, 0.25));

    [Fact]
    public void Clients_that_were_sent_away_in_one_instant_do_not_come_back_in_one()
    {
        var back = Enumerable.Range(0, 1500).Select(client => ReconnectPace.Wait(Busy(2), 1, client / 1500.0)).ToList();
        Assert.Equal((2.0, 1500), (back.Min().TotalSeconds, back.Distinct().Count()));
        Assert.True(back.Max() > TimeSpan.FromSeconds(2.4));
        Assert.NotEqual(Waits(Agreed, 0, 1, 5), Waits(Agreed, 0.5, 1, 5));
    }

    [Fact]
    public void Where_nobody_answers_the_way_back_is_never_longer_than_three_seconds() => Assert.Equal([0.25, 2, 3, 3], Waits(Unheard, 1, 1, 4, 6, 1000));

    [Fact]
    public void What_will_be_said_again_is_asked_for_less_often() => Assert.Equal([1.0, 2, 10], Waits(WrongPassword, 1, 1, 2, 1000));

    [Fact]
    public void The_tunnel_gets_longer_to_show_itself_with_each_attempt_and_six_seconds_at_most() =>
        Assert.Equal([0.75, 1.5, 5.25, 6, 6], ((int[])[1, 2, 7, 8, int.MaxValue]).Select(attempt => ReconnectPace.Proof(attempt).Sum(wait => wait.TotalSeconds)));
}
