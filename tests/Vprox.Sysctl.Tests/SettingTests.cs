using CsCheck;

namespace Vprox.Sysctl.Tests;

public sealed class SettingTests
{
    private const string Path = "net/x";

    [Theory]
    [InlineData("1", null)]
    [InlineData("0", "1")]
    [InlineData("2", "1")]
    public void A_switch_has_one_right_position(string present, string? better) =>
        Assert.Equal(better, new Setting.Exactly(Path, "1", "").Better(present));

    [Theory]
    [InlineData("65536", "262144")]
    [InlineData("262144", null)]
    [InlineData("2097152", null)]
    [InlineData("", "262144")]
    [InlineData("many", "262144")]
    public void A_size_is_raised_and_never_lowered(string present, string? better) =>
        Assert.Equal(better, new Setting.AtLeast(Path, 262_144, "").Better(present));

    // ping_group_range is "1 0" by default: nobody (icmp(7)).
    [Theory]
    [InlineData("1\t0", "0\t0")]
    [InlineData("0\t0", null)]
    [InlineData("0\t2147483647", null)]
    [InlineData("1000\t2000", "0\t2000")]
    [InlineData("nonsense", "0\t0")]
    public void A_range_of_groups_grows_by_ours(string present, string? better) =>
        Assert.Equal(better, new Setting.Includes(Path, 0, "").Better(present));

    [Theory]
    [InlineData("", "49152-65535")]
    [InlineData("49152-65535", null)]
    [InlineData("1024-65535", null)]
    [InlineData("8080,9000-9100", "8080,9000-9100,49152-65535")]
    [InlineData("50000", "50000,49152-65535")]
    [InlineData("nonsense", "49152-65535")]
    public void Ports_are_reserved_beside_those_that_are(string present, string? better) =>
        Assert.Equal(better, new Setting.Reserves(Path, 49152, 65535, "").Better(present));

    [Fact]
    public void What_is_written_will_do_and_is_not_written_again() => Any().Select(Gen.String).Sample((setting, present) =>
        setting.Better(present) is not { } better || setting.Better(better) is null);

    [Fact]
    public void A_plan_has_what_is_wrong_or_missing_and_nothing_else()
    {
        Setting[] settings = [new Setting.Exactly("a", "1", ""), new Setting.AtLeast("b", 5, ""), new Setting.AtLeast("c", 5, "")];
        var present = new Dictionary<string, string> { ["a"] = "0", ["b"] = "9" };

        var plan = SettingPlan.Between(settings, present.GetValueOrDefault);

        Assert.Equal([new SettingChange(settings[0], "0", "1"), new SettingChange(settings[2], null, null)], plan);
    }

    [Fact]
    public void A_setting_is_named_as_sysctl_names_it()
    {
        Assert.Equal("net.ipv4.ip_forward", new Setting.Exactly("net/ipv4/ip_forward", "1", "").Name);
        Assert.Equal("net.ipv4.conf.eth0/5.rp_filter", new Setting.Exactly("net/ipv4/conf/eth0.5/rp_filter", "2", "").Name);
    }

    private static Gen<Setting> Any() => Gen.OneOf<Setting>(
        Gen.Int[0, 9].Select(value => (Setting)new Setting.Exactly(Path, $"{value}", "")),
        Gen.Long[0, 1 << 30].Select(value => (Setting)new Setting.AtLeast(Path, value, "")),
        Gen.Long[0, 1 << 30].Select(value => (Setting)new Setting.Includes(Path, value, "")),
        Gen.Int[1, 1000].Select(Gen.Int[0, 1000]).Select(ends => (Setting)new Setting.Reserves(Path, ends.Item1, ends.Item1 + ends.Item2, "")));
}
