"""Industries 行业大类 and risk categories 风险类别 by which enterprises are counted, with their names.

Source: GB/T 4754-2017, its two-digit divisions (our short English names); risk categories 一类 to 八类 of 人社部发〔2015〕71号.
"""

from collections.abc import Mapping
from types import MappingProxyType

from cockpit.text import Text

UNKNOWN_CODE = "?"
"""The code of an enterprise whose row names none, or of one that no list has: counted in the city, never ranked."""

UNKNOWN_NAME = Text("不明", "unknown")

DIVISIONS: Mapping[str, Text] = MappingProxyType(
    {
        "01": Text("农业", "Farming"),
        "02": Text("林业", "Forestry"),
        "03": Text("畜牧业", "Animal husbandry"),
        "04": Text("渔业", "Fishing"),
        "05": Text("农、林、牧、渔专业及辅助性活动", "Support to farming"),
        "06": Text("煤炭开采和洗选业", "Coal mining"),
        "07": Text("石油和天然气开采业", "Oil and gas"),
        "08": Text("黑色金属矿采选业", "Iron ore mining"),
        "09": Text("有色金属矿采选业", "Non-ferrous ores"),
        "10": Text("非金属矿采选业", "Quarrying"),
        "11": Text("开采专业及辅助性活动", "Support to mining"),
        "12": Text("其他采矿业", "Other mining"),
        "13": Text("农副食品加工业", "Food processing"),
        "14": Text("食品制造业", "Food making"),
        "15": Text("酒、饮料和精制茶制造业", "Drinks and tea"),
        "16": Text("烟草制品业", "Tobacco"),
        "17": Text("纺织业", "Textiles"),
        "18": Text("纺织服装、服饰业", "Clothing"),
        "19": Text("皮革、毛皮、羽毛及其制品和制鞋业", "Leather and shoes"),
        "20": Text("木材加工和木、竹、藤、棕、草制品业", "Wood products"),
        "21": Text("家具制造业", "Furniture"),
        "22": Text("造纸和纸制品业", "Paper"),
        "23": Text("印刷和记录媒介复制业", "Printing"),
        "24": Text("文教、工美、体育和娱乐用品制造业", "Crafts, sports, toys"),
        "25": Text("石油、煤炭及其他燃料加工业", "Fuel processing"),
        "26": Text("化学原料和化学制品制造业", "Chemicals"),
        "27": Text("医药制造业", "Medicines"),
        "28": Text("化学纤维制造业", "Chemical fibres"),
        "29": Text("橡胶和塑料制品业", "Rubber and plastics"),
        "30": Text("非金属矿物制品业", "Mineral products"),
        "31": Text("黑色金属冶炼和压延加工业", "Iron and steel"),
        "32": Text("有色金属冶炼和压延加工业", "Non-ferrous metals"),
        "33": Text("金属制品业", "Metal products"),
        "34": Text("通用设备制造业", "General machinery"),
        "35": Text("专用设备制造业", "Special machinery"),
        "36": Text("汽车制造业", "Motor vehicles"),
        "37": Text("铁路、船舶、航空航天和其他运输设备制造业", "Ships, other vehicles"),
        "38": Text("电气机械和器材制造业", "Electrical machinery"),
        "39": Text("计算机、通信和其他电子设备制造业", "Electronics"),
        "40": Text("仪器仪表制造业", "Instruments"),
        "41": Text("其他制造业", "Other manufacturing"),
        "42": Text("废弃资源综合利用业", "Recycling"),
        "43": Text("金属制品、机械和设备修理业", "Machinery repair"),
        "44": Text("电力、热力生产和供应业", "Power and heat"),
        "45": Text("燃气生产和供应业", "Gas supply"),
        "46": Text("水的生产和供应业", "Water supply"),
        "47": Text("房屋建筑业", "House building"),
        "48": Text("土木工程建筑业", "Civil engineering"),
        "49": Text("建筑安装业", "Building installation"),
        "50": Text("建筑装饰、装修和其他建筑业", "Building finishing"),
        "51": Text("批发业", "Wholesale"),
        "52": Text("零售业", "Retail"),
        "53": Text("铁路运输业", "Railways"),
        "54": Text("道路运输业", "Road transport"),
        "55": Text("水上运输业", "Water transport"),
        "56": Text("航空运输业", "Air transport"),
        "57": Text("管道运输业", "Pipelines"),
        "58": Text("多式联运和运输代理业", "Freight forwarding"),
        "59": Text("装卸搬运和仓储业", "Handling and storage"),
        "60": Text("邮政业", "Post and couriers"),
        "61": Text("住宿业", "Hotels"),
        "62": Text("餐饮业", "Catering"),
        "63": Text("电信、广播电视和卫星传输服务", "Telecommunications"),
        "64": Text("互联网和相关服务", "Internet services"),
        "65": Text("软件和信息技术服务业", "Software and IT"),
        "66": Text("货币金融服务", "Banking"),
        "67": Text("资本市场服务", "Capital markets"),
        "68": Text("保险业", "Insurance"),
        "69": Text("其他金融业", "Other finance"),
        "70": Text("房地产业", "Real estate"),
        "71": Text("租赁业", "Leasing"),
        "72": Text("商务服务业", "Business services"),
        "73": Text("研究和试验发展", "Research"),
        "74": Text("专业技术服务业", "Technical services"),
        "75": Text("科技推广和应用服务业", "Technology transfer"),
        "76": Text("水利管理业", "Water management"),
        "77": Text("生态保护和环境治理业", "Environment"),
        "78": Text("公共设施管理业", "Public facilities"),
        "79": Text("土地管理业", "Land management"),
        "80": Text("居民服务业", "Personal services"),
        "81": Text("机动车、电子产品和日用产品修理业", "Vehicle, goods repair"),
        "82": Text("其他服务业", "Other services"),
        "83": Text("教育", "Education"),
        "84": Text("卫生", "Health"),
        "85": Text("社会工作", "Social work"),
        "86": Text("新闻和出版业", "Press and publishing"),
        "87": Text("广播、电视、电影和录音制作业", "Broadcasting and film"),
        "88": Text("文化艺术业", "Culture and arts"),
        "89": Text("体育", "Sports"),
        "90": Text("娱乐业", "Entertainment"),
        "91": Text("中国共产党机关", "Party organs"),
        "92": Text("国家机构", "State organs"),
        "93": Text("人民政协、民主党派", "CPPCC, other parties"),
        "94": Text("社会保障", "Social security"),
        "95": Text("群众团体、社会团体和其他成员组织", "Associations"),
        "96": Text("基层群众自治组织及其他组织", "Local self-government"),
        "97": Text("国际组织", "International bodies"),
        UNKNOWN_CODE: UNKNOWN_NAME,
    }
)

RISK_CATEGORIES: Mapping[str, Text] = MappingProxyType(
    {
        **{str(number): Text(f"{word}类", f"Class {number}") for number, word in enumerate("一二三四五六七八", 1)},
        UNKNOWN_CODE: UNKNOWN_NAME,
    }
)
