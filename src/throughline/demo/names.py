"""Names of eight origins, so that a search over the borough meets what real ones meet."""

from dataclasses import dataclass

from throughline.terms.work import Sex


@dataclass(frozen=True, slots=True)
class Origin:
    """`share`: how many families in a hundred."""

    share: int
    girls: tuple[str, ...]
    boys: tuple[str, ...]
    surnames: tuple[str, ...]

    def given(self, sex: Sex) -> tuple[str, ...]:
        return self.girls if sex is Sex.FEMALE else self.boys


def _origin(share: int, girls: str, boys: str, surnames: str) -> Origin:
    return Origin(share, tuple(girls.split()), tuple(boys.split()), tuple(surnames.split("|")))


ENGLISH = _origin(
    44,
    "Amelia Olivia Isla Poppy Freya Lily Evie Grace Chloe Ruby Millie Daisy Ellie Scarlett Imogen Jessica "
    "Holly Megan Bethany Abigail Lacey Matilda Florence Harriet Willow Summer Kayleigh Georgia Rosie Maisie",
    "Oliver Harry Jack George Noah Charlie Jacob Alfie Freddie Oscar Leo Archie Theo Joshua Ethan Logan "
    "Mason Riley Toby Finley Harrison Jayden Callum Reece Kieran Bradley Stanley Albie Louis Jude",
    "Smith|Taylor|Brown|Wilson|Johnson|Robinson|Wright|Walker|Thompson|White|Hughes|Edwards|Green|Hall|Wood|Harris|"
    "Clarke|Turner|Hill|Moore|Cooper|Ward|Morris|King|Bailey|Parker|Shaw|Bennett|Carter|Foster|Holt|Barker|"
    "Marsh|Pickering|Lomas|Dawson|Firth|Hadfield|Ashworth|Smith-Jones|Carter-Reid|Whitaker",
)
IRISH = _origin(
    8,
    "Aoife Niamh Saoirse Ciara Caoimhe Orla Roisin Sinead Maeve Siobhan Clodagh Grainne Shauna Bridget",
    "Sean Conor Cian Oisin Darragh Eoin Fionn Padraig Declan Ronan Tadhg Cormac Liam Niall Dermot",
    "Murphy|O’Brien|Kelly|O’Connor|Byrne|Ryan|Doherty|McCarthy|Gallagher|Kavanagh|O’Sullivan|Brennan|McDonagh|Ward|Quinn",
)
SOUTH_ASIAN_MUSLIM = _origin(
    14,
    "Aisha Fatima Zainab Maryam Khadija Hafsa Ayesha Sumaiya Iqra Noor Amina Sana Zara Anaya Safa",
    "Muhammad Mohammed Ibrahim Yusuf Hamza Adam Zayn Bilal Umar Hassan Ali Idris Haris Ismail Rayyan",
    "Khan|Ahmed|Hussain|Begum|Ali|Malik|Akhtar|Mahmood|Iqbal|Chowdhury|Miah|Rahman|Shah|Butt|Mirza|Uddin",
)
INDIAN = _origin(
    7,
    "Priya Anjali Simran Jasleen Diya Aanya Harpreet Navjot Riya Kavya Meera Ishani Jaspreet Tanvi",
    "Arjun Rohan Gurpreet Harjit Aarav Dev Karan Jaskaran Vihaan Nikhil Rajan Manvir Ishaan Sahil",
    "Singh|Kaur|Patel|Sharma|Gill|Sandhu|Desai|Mehta|Dhillon|Shah|Reddy|Nair|Joshi|Bains",
)
EASTERN_EUROPEAN = _origin(
    9,
    "Zuzanna Julia Maja Oliwia Kinga Agnieszka Daria Andreea Ioana Viktorija Gabija Anastasia Nikola Lena",
    "Jakub Szymon Kacper Filip Mateusz Wojciech Andrei Stefan Matas Lukas Dawid Bartosz Ionut Tomasz",
    "Nowak|Kowalski|Wiśniewska|Wójcik|Zieliński|Popescu|Ionescu|Dumitru|Kazlauskas|Petrauskas|Lewandowski|Szymańska",
)
WEST_AFRICAN = _origin(
    8,
    "Adaeze Chidinma Ngozi Temitope Oluwaseun Abena Akosua Esi Folake Ifeoma Blessing Precious Chioma Efua",
    "Chukwuemeka Tobi Ayodele Kwame Kofi Emeka Oluwatobi Chidi Femi Yaw Kelechi Obinna David Samuel",
    "Okafor|Adeyemi|Mensah|Okonkwo|Boateng|Owusu|Adebayo|Eze|Asante|Ogunleye|Balogun|Nwosu|Appiah|Osei",
)
MIDDLE_EASTERN = _origin(
    6,
    "Layla Shirin Yasmin Rojin Dilan Hala Rania Zeynep Nadia Soraya Berivan Mina Rawan",
    "Omar Karim Azad Rebin Mustafa Khalid Dilshad Emre Tariq Samir Reza Hêmin Yousef",
    "al-Hassan|Abdullah|Karimi|Aziz|Rashid|Yilmaz|Mohammadi|al Sayed|Hamid|Barzani|Haddad|Demir",
)
EAST_ASIAN = _origin(
    4,
    "Mei Xin Yi Li-Na Hana Linh Thao Jia Ying Suki Anh Wen",
    "Wei Jun Hao Minh Long Jian Ming Kai Tuan Bao Zhi Ryo",
    "Chen|Wong|Nguyen|Li|Zhang|Lam|Tran|Cheung|Pham|Liu|Le|Huang",
)

ORIGINS = (
    ENGLISH, IRISH, SOUTH_ASIAN_MUSLIM, INDIAN, EASTERN_EUROPEAN, WEST_AFRICAN, MIDDLE_EASTERN, EAST_ASIAN,
)  # fmt: skip
SHARES = tuple(origin.share for origin in ORIGINS)
STREETS = (
    "Acorn Road", "Beck Street", "Canal Walk", "Dale Avenue", "Elm Grove", "Ferry Lane", "Garth Close",
    "Hawthorn Drive",
    "Ings Lane", "Jubilee Terrace", "Kiln Street", "Lark Rise", "Mill Bank", "North Parade", "Orchard Way",
    "Priory Court",
)  # fmt: skip
"""Where people live: no such postcodes are in use (`ZZ` is no postcode area)."""
